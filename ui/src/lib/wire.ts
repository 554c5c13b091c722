/** What goes over the wire, under the page's own names. The shapes are made from the server's description: `openapi.ts`. */

import type { components } from './openapi';

type Shapes = components['schemas'];

export type InfoHash = string;
export type Torrent = Shapes['Torrent'];
export type TorrentFile = Shapes['File'];
/** Files of a torrent, each with how much of it is here and whether it is fetched though nobody plays it. */
export type FileStates = Shapes['FileStates'];
export type FileState = Shapes['FileState'];
export type Take = FileState['take'];
/** The most that all torrents together take and give at this hour. */
export type LimitsNow = Shapes['LimitsNow'];
export type TorrentChange = Shapes['ChangeTorrent'];
export type Sharing = Torrent['sharing'];
export type Rights = Shapes['Rights'];
export type RightsStatement = Shapes['RightsStatement'];
export type Basis = Rights['basis'];
export type Ranges = Shapes['Ranges'];
/** Half-open, in bytes of the file. */
export type Span = Ranges['spans'][number];
/** A long list of files is told once: later events leave it out. */
export type TorrentEvent = Shapes['TorrentEvent'];
export type FeedSource = Shapes['FeedSource'];
export type SourceList = Shapes['SourceList'];
export type SourceTrouble = Shapes['SourceTrouble'];
export type BufferEvent = Shapes['BufferEvent'];
export type PictureEvent = Shapes['PictureEvent'];
export type TitleEvent = Shapes['TitleEvent'];
export type GoneEvent = Shapes['GoneEvent'];
export type Activity = Shapes['Activity'];
export type PeerActivity = Shapes['PeerActivity'];
/** Who can see this computer over all torrents: the sums, and everything. */
export type Glance = Shapes['Glance'];
export type Overview = Shapes['Overview'];
export type FilmSeen = Shapes['FilmSeen'];
/** A film of one's own: sent here, and published. */
export type Upload = Shapes['Upload'];
export type PublishFilm = Shapes['PublishFilm'];
export type Publication = Shapes['Publication'];
export type Publishing = Shapes['Publishing'];
export type Problem = Shapes['Problem'];
/** What there is of a title beside the film. */
export type Extras = Shapes['Extras'];
export type SubtitlesBeside = Shapes['SubtitlesBeside'];

/** A setting of the server, and all of them. */
export type Storage = Shapes['Storage'];
export type FilmSpace = Shapes['FilmSpace'];
export type SettingState = Shapes['SettingState'];
export type ServerSettings = Shapes['Settings'];
export type SettingEvent = Shapes['SettingEvent'];
export type PlaybackEvent = Shapes['PlaybackEvent'];
export type ReceiptEntry = Shapes['ReceiptEntry'];

/** What was taken and given, when, and on what basis. */
export type Receipt = Shapes['Receipt'];

/** When a film will start, and whether it will play without a stall. */
export type Promised = Shapes['Promise'];
export type PromiseError = Shapes['PromiseError'];
/** What pressing Play on a title would do, and why so. */
export type AddedTitle = Shapes['TitleTorrent'];
export type Forecast = Shapes['Forecast'];
export type ChoiceReason = Forecast['reasons'][number];

/** What a browser says it can decode. */
export type ClientSupport = Required<Shapes['Client']>;
/** What it answered about one kind of picture. */
export type Decoding = Shapes['Decoding'];
/** One film on its way to this player. */
export type PlaybackView = Shapes['Playback'];
export type AudioChoice = PlaybackView['audio'][number];
export type SubtitleChoice = PlaybackView['subtitles'][number];
/** Subtitles that a provider has for a film. */
export type Offer = Shapes['Offer'];
export type Chapter = PlaybackView['chapters'][number];

/** A title as it stands on a wall. */
export type TitleCard = Shapes['TitleCard'];
export type Shelves = Shapes['Shelves'];
export type Shelf = Shapes['Shelf'];
/** All that is known of one. */
export type TitleView = Shapes['Title'];
export type TitleRelease = Shapes['TitleRelease'];
export type TitleEpisode = Shapes['TitleEpisode'];
export type TitleRights = Shapes['TitleRights'];
export type TitleReason = Shapes['TitleReason'];
export type TitleEvidence = Shapes['TitleEvidence'];
export type Facts = TitleReason['facts'];
export type TitlePage = Shapes['Titles'];
export type Filters = Shapes['Filters'];
/** Somebody else's catalogue, and a part of what it has. */
export type Provider = Shapes['AskedProvider'];
export type Answered = Shapes['Answered'];
export type EpisodeNumber = Shapes['EpisodeNumber'];

export type Profile = Shapes['Profile'];
export type Profiles = Shapes['Profiles'];
export type Colour = Profile['colour'];
/** Where a film, an episode, or a file was left. */
export type Progress = Shapes['WorkProgress'];
export type SavedWish = Shapes['Wish'];
export type WishedTitle = Shapes['WishForTitle'];
export type Rating = Shapes['Rating'];
export type RatedTitle = Shapes['RatingOfTitle'];
export type Thumb = Rating['thumb'];
export type SavedTaste = Shapes['Taste'];
export type LibraryView = Shapes['Library'];
export type LibraryEvent = Shapes['LibraryEvent'];
/** What to go on with. */
export type Going = Shapes['Going'];
export type Viewing = Shapes['ViewingOfTitle'];
export type History = Shapes['History'];
export type Taken = Shapes['Taken'];

/** Another screen: that is let in, that asks, and what lets one in. */
export type Device = Shapes['DeviceState'];
export type DeviceAsk = Shapes['DeviceAsk'];
export type DeviceList = Shapes['DeviceList'];
export type DeviceCode = Shapes['DeviceCode'];
/** Who asks, and what they may do. */
export type Visitor = Shapes['Visitor'];
