/** The picture in a small window over all others, with its subtitles where a page may draw there itself. */

/** Chromium's Document Picture-in-Picture; not in TypeScript's DOM. */
interface PagePictures {
  requestWindow(size: { width: number; height: number }): Promise<Window>;
}

interface Acts {
  toggle(): void;
  key(event: KeyboardEvent): void;
}

const WIDTH = 560;

function pagePictures(): PagePictures | null {
  return (globalThis as { documentPictureInPicture?: PagePictures }).documentPictureInPicture ?? null;
}

/** Whether this browser has any small window. */
export function hasSmall(): boolean {
  return pagePictures() !== null || document.pictureInPictureEnabled;
}

export class Small {
  /** Whether the page's own picture is away in it. */
  away = $state(false);
  #window: Window | null = null;

  constructor(readonly acts: Acts) {}

  /**
   * Bring the picture there, or back. `picture` holds the film and all that is drawn over it, and is its parent's first child.
   *
   * Gives whether what is drawn over it is to be seen there too; null when nothing opened.
   */
  async toggle(picture: HTMLElement, video: HTMLVideoElement, shape: number): Promise<boolean | null> {
    if (this.#window !== null) {
      this.#window.close();
      return null;
    }
    if (document.pictureInPictureElement !== null) {
      await document.exitPictureInPicture();
      return null;
    }
    const pages = pagePictures();
    if (pages === null) return video.requestPictureInPicture().then(() => false, () => null);
    const opened = await pages.requestWindow({ width: WIDTH, height: Math.round(WIDTH / shape) }).catch(() => null);
    if (opened === null) return null;
    this.#move(opened, picture);
    return true;
  }

  #move(opened: Window, picture: HTMLElement): void {
    const home = picture.parentElement;
    for (const sheet of document.querySelectorAll('link[rel="stylesheet"], style')) opened.document.head.append(sheet.cloneNode(true));
    opened.document.documentElement.lang = document.documentElement.lang;
    opened.document.title = document.title;
    opened.document.body.append(picture);
    opened.addEventListener('click', () => this.acts.toggle());
    opened.addEventListener('keydown', (event) => this.acts.key(event));
    opened.addEventListener('pagehide', () => {
      // The page may have gone on to another film meanwhile.
      if (home?.isConnected === true) home.prepend(picture);
      this.#window = null;
      this.away = false;
    }, { once: true });
    this.#window = opened;
    this.away = true;
  }

  close(): void {
    this.#window?.close();
  }
}
