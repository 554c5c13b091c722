/** What may be asked of other screens: who one is, how one comes in, and, at the computer itself, who is in. */

import { ask, BASE, json, read } from './api';
import type { Device, DeviceAsk, DeviceCode, DeviceList, Visitor } from './wire';

const AT = `${BASE}/devices`;
const IN = `${BASE}/pairing`;

export const devicesApi = {
  /** Who asks, and what they may do. */
  visitor: (): Promise<Visitor> => read(`${BASE}/access`),
  /** Ask to be let in, with the number that the computer shows where somebody typed it. */
  askIn: (name: string, code: string | null): Promise<{ ask: string; match: string }> => read(IN, json('POST', code === null ? { name } : { name, code })),
  /** Wait for the answer for a while; throws when it is no. */
  waitIn: async (asked: string): Promise<boolean> => (await read<{ let_in: boolean }>(`${IN}/wait`, json('POST', { ask: asked }))).let_in,
  /** Come in at once with what a camera saw. */
  async scan(secret: string, name: string): Promise<void> {
    await ask(`${IN}/scan`, json('POST', { secret, name }));
  },
  list: (): Promise<DeviceList> => read(AT),
  /** Make what lets one device in. */
  openCode: (): Promise<DeviceCode> => read(`${AT}/codes`, { method: 'POST' }),
  /** End it before its time; that it ended by itself is no matter. */
  closeCode(id: string): void {
    ask(`${AT}/codes/${encodeURIComponent(id)}`, { method: 'DELETE', keepalive: true }).catch(() => undefined);
  },
  async answer(id: DeviceAsk['id'], may: Device['may'] | null): Promise<void> {
    await ask(`${AT}/asks/${encodeURIComponent(id)}`, json('POST', { may }));
  },
  change: (id: string, change: { name?: string; may?: Device['may'] }): Promise<Device> => read(`${AT}/${encodeURIComponent(id)}`, json('PATCH', change)),
  async remove(id: string): Promise<void> {
    await ask(`${AT}/${encodeURIComponent(id)}`, { method: 'DELETE' });
  },
  async removeAll(): Promise<void> {
    await ask(AT, { method: 'DELETE' });
  },
};
