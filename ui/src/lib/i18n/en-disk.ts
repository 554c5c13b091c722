/** The words of what films take of the disk, in English. */

import type { Message } from './en';

export const enDisk = {
  'disk.title': 'Disk',
  'disk.used.cap': 'Films take {used} of the {cap} that you gave them. On the disk {free} are free.',
  'disk.used': 'Films take {used}. On the disk {free} are free, of which {floor} always stay so.',
  'disk.none': 'Nothing has to go: there is room.',
  'disk.change': 'Change how much films may take',
  'disk.part.goes': 'May make room: {size}',
  'disk.part.stays': 'Stays: {size}',
  'disk.part.other': 'Other files among them: {size}',
  'disk.part.left': 'Left for films: {size}',
  'disk.first': 'What goes first',
  'disk.first.more': 'When there is no room for what somebody watches, these go with their files, from the top. Where you were in them, and what was shared, stays known.',
  'disk.first.none': 'Nothing that is here may go by itself.',
  'disk.stays': 'What stays',
  'disk.all': { one: 'Show all {n}', other: 'Show all {n}' },
  'disk.watched': 'Watched, {when}',
  'disk.unwatched': 'Not watched to its end, last used {when}',
  'disk.playing': 'Playing, or open on a screen',
  'disk.given': 'Shared until you say otherwise',
  'disk.kept': 'Kept for offline',
  'disk.own': 'Your own film',
  'disk.freed': 'What went to make room',
  'disk.freed.one': '{size}, {when}',
  'disk.freed.again': 'Fetch it again',
  'folder.watched': 'Whatever .torrent or .magnet file you put into {folder} is added by itself, and waits for your word on why it may be shared.',
  'folder.none': 'Have a folder watched, and what you put there is added by itself',
  'keep.label': 'Keep for offline',
  'keep.named': 'Keep for offline: {name}',
  'keep.more': 'It never makes room for other films. What is missing of it is fetched.',
} as const satisfies Record<string, Message>;
