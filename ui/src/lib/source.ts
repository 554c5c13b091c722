/** What somebody pasted: a magnet link, an address, a bare info hash. Pure. */

export type Source = { kind: 'magnet'; magnet: string } | { kind: 'url'; url: string };

export function readSource(text: string): Source | null {
  const trimmed = text.trim();
  if (/^magnet:\?/iu.test(trimmed)) return { kind: 'magnet', magnet: trimmed };
  if (/^(?:[0-9a-f]{40}|[a-z2-7]{32})$/iu.test(trimmed)) return { kind: 'magnet', magnet: `magnet:?xt=urn:btih:${trimmed}` };
  if (/^[0-9a-f]{64}$/iu.test(trimmed)) return { kind: 'magnet', magnet: `magnet:?xt=urn:btmh:1220${trimmed}` };
  if (/^https?:\/\/[^\s]+$/iu.test(trimmed)) return { kind: 'url', url: trimmed };
  return null;
}
