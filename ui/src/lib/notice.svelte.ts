/** The one sentence before the first film: said once, and remembered. */

import { recall, remember } from './store';

class Notice {
  acknowledged = $state(recall('notice') === 'read');

  acknowledge(): void {
    this.acknowledged = true;
    remember('notice', 'read');
  }
}

export const notice = new Notice();
