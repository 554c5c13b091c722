/** Les mots de la place sur le disque, en français. */

import type { Message } from './en';
import type { enDisk } from './en-disk';

export const frDisk: Record<keyof typeof enDisk, Message> = {
  'disk.title': 'Disque',
  'disk.used.cap': 'Les films occupent {used} sur les {cap} que vous leur avez donnés. Il reste {free} libres sur le disque.',
  'disk.used': 'Les films occupent {used}. Il reste {free} libres sur le disque, dont {floor} le resteront toujours.',
  'disk.none': 'Rien ne doit s’en aller\u202f: il y a de la place.',
  'disk.change': 'Changer la place donnée aux films',
  'disk.part.goes': 'Peut faire de la place\u202f: {size}',
  'disk.part.stays': 'Reste\u202f: {size}',
  'disk.part.other': 'Autres fichiers au même endroit\u202f: {size}',
  'disk.part.left': 'Encore disponible\u202f: {size}',
  'disk.first': 'Ce qui s’en va d’abord',
  'disk.first.more': 'Quand la place manque pour ce que quelqu’un regarde, ces films s’en vont avec leurs fichiers, du haut vers le bas. L’endroit où vous en étiez et ce qui a été partagé restent connus.',
  'disk.first.none': 'Rien de ce qui est ici ne s’en va de soi-même.',
  'disk.stays': 'Ce qui reste',
  'disk.all': { one: 'Afficher {n} film', other: 'Afficher les {n} films' },
  'disk.watched': 'Vu, {when}',
  'disk.unwatched': 'Pas vu jusqu’au bout, utilisé {when}',
  'disk.playing': 'En cours, ou ouvert sur un écran',
  'disk.given': 'Partagé jusqu’à nouvel ordre',
  'disk.kept': 'Gardé hors connexion',
  'disk.own': 'Votre propre film',
  'disk.freed': 'Ce qui s’en est allé pour faire de la place',
  'disk.freed.one': '{size}, {when}',
  'disk.freed.again': 'Le reprendre',
  'folder.watched': 'Tout fichier .torrent ou .magnet mis dans {folder} est ajouté tout seul, et attend que vous disiez pourquoi il peut être partagé.',
  'folder.none': 'Faire surveiller un dossier\u202f: ce que vous y mettez est ajouté tout seul',
  'keep.label': 'Garder hors connexion',
  'keep.named': 'Garder hors connexion\u202f: {name}',
  'keep.more': 'Il ne fera jamais de place à d’autres films. Ce qui manque est récupéré.',
};
