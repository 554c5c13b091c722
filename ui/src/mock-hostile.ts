/** The worst that strangers can write, in every field where they can. Never part of a build.
 *
 * `?fuzz=SEED` has every answer of the made-up server go through here: what the server's own description calls a text is
 * written by a stranger, what may be missing is missing now and then, and numbers are as large or as small as they may be.
 * What the server itself vouches for stays: identities, addresses it made, hours, codes. */

interface Schema {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  exclusiveMinimum?: number;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
}
interface Answer {
  content?: Record<string, { schema: Schema }>;
}
interface Interface {
  paths: Record<string, Record<string, { responses: Record<string, Answer> }>>;
  components: { schemas: Record<string, Schema> };
}

export const HARM = 'window.harmed = true';
const WORST: readonly string[] = [
  `<img src=x onerror="${HARM}"><script>${HARM}</script><svg onload="${HARM}">`,
  `"><iframe srcdoc="<script>parent.harmed = true</script>"></iframe>' onmouseover='${HARM}`,
  `javascript:${HARM}//`,
  'A'.repeat(10_000),
  'word '.repeat(2_000),
  '\u202e4pm.exe gnihtyna \u2066evil\u2069 \u200f\u061c',
  'فيلم جميل جدا من القاهرة 1958',
  '\u0000\u0001\u0007\u200b\ufeff',
  'Z\u0351\u0302\u0334\u0327a\u0335\u032al\u0338\u0328go'.repeat(60),
  '{n} ${7*7} {{name}} %s __proto__ constructor',
  '東京物語'.repeat(200),
  '\ud800 alone, and 👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  '../../etc/passwd\r\nSet-Cookie: x=1',
  '',
  ' ',
];

/** What the server made or has checked, by the name of the field. */
const VOUCHED =
  /^(?:id|key|info_hash|session|series|profile|provider|next_cursor|title_id|magnet|poster|backdrop|became|code|why|claim|basis|standing|sort|source_id|day|at|checked|unit|choices|default|version|look|audio|second|subtitles|features|shelves|genres|codec_string|media_type|.*_at|.*_url|stream|type|step|state|colour|role|index|number|season|.*_ms)$/u;
/** Fields of that name are texts of strangers all the same, or vouched for in this one place. */
const TEXTS = new Set(['TitleEvidence.source', 'ReceiptBasis.licence_url']);
const KEPT = /^(?:Going|WorkProgress|Rating|Viewing|Wish|RatingOfTitle|ViewingOfTitle|WishForTitle)\.title$|^(?:Playback|PlaybackSubtitles|PlaybackFont|PlaybackPicture|Offer)\.url$|^SettingState\.(?:value|in_force)$/u;
/** So much of an answer is missing, empty or beyond measure. */
const MISSING = 0.12;
const BEYOND = 0.06;
const LARGEST = 9e15;

/** Mulberry32: the same throws for the same seed. */
function dice(seed: number): () => number {
  let at = seed;
  return () => {
    at = (at + 0x6d2b79f5) | 0;
    let x = Math.imul(at ^ (at >>> 15), 1 | at);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function seedOf(text: string): number {
  return [...text].reduce((sum, letter) => Math.imul(sum ^ letter.codePointAt(0)!, 16_777_619), 2_166_136_261);
}

class Spoiler {
  constructor(
    readonly schemas: Record<string, Schema>,
    readonly roll: () => number,
  ) {}

  private worst(): string {
    return WORST[Math.floor(this.roll() * WORST.length)]!;
  }

  /** `where` is the field, as `Schema.field`. */
  spoil(schema: Schema, value: unknown, where: string): unknown {
    if (schema.$ref !== undefined) {
      const name = schema.$ref.split('/').at(-1)!;
      return this.spoil(this.schemas[name] ?? {}, value, `${name}.`);
    }
    if (schema.anyOf !== undefined) return this.oneOf(schema.anyOf, value, where);
    if (schema.enum !== undefined || schema.const !== undefined) return value;
    if (typeof value === 'string') return this.isVouched(where) ? value : this.worst();
    if (typeof value === 'number') return this.isVouched(where) ? value : this.number(schema, value);
    if (Array.isArray(value)) return this.list(schema, value, where);
    if (typeof value === 'object' && value !== null) return this.object(schema, value as Record<string, unknown>, where.split('.')[0]!);
    return value;
  }

  private isVouched(where: string): boolean {
    return !TEXTS.has(where) && (KEPT.test(where) || VOUCHED.test(where.split('.')[1] ?? ''));
  }

  private oneOf(schemas: Schema[], value: unknown, where: string): unknown {
    const fits = schemas.find((one) => (value === null ? one.type === 'null' : one.$ref !== undefined ? typeof value === 'object' : one.type === (Array.isArray(value) ? 'array' : typeof value === 'number' ? one.type === 'integer' ? 'integer' : 'number' : typeof value)));
    if (schemas.some((one) => one.type === 'null') && this.roll() < MISSING) return null;
    if (value === null && schemas.some((one) => one.type === 'string') && !this.isVouched(where)) return this.worst();
    return fits === undefined ? value : this.spoil(fits, value, where);
  }

  private number(schema: Schema, value: number): number {
    if (this.roll() >= BEYOND) return value;
    return this.roll() < 0.5 ? (schema.minimum ?? 0) : LARGEST;
  }

  private list(schema: Schema, value: unknown[], where: string): unknown[] {
    if (this.roll() < MISSING / 2) return [];
    return value.map((one) => this.spoil(schema.items ?? {}, one, where));
  }

  private object(schema: Schema, value: Record<string, unknown>, name: string): Record<string, unknown> {
    const more = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
    const spoilt: Record<string, unknown> = {};
    for (const [key, one] of Object.entries(value)) {
      const own = schema.properties?.[key];
      if (own !== undefined && !(schema.required ?? []).includes(key) && this.roll() < MISSING) continue;
      spoilt[key] = this.spoil(own ?? more, one, `${name}.${key}`);
    }
    return spoilt;
  }
}

export class Hostile {
  private constructor(
    private readonly told: Interface,
    private readonly seed: string,
  ) {}

  static async of(seed: string): Promise<Hostile> {
    return new Hostile((await (await fetch('/api/openapi.json')).json()) as Interface, seed);
  }

  /** The same answer every time it is asked for, as a server would give it; the worst of it by chance. */
  answer(method: string, path: string, body: unknown): unknown {
    const template = Object.keys(this.told.paths).find((one) => new RegExp(`^${one.replace(/\{\w+\}/gu, '[^/]+')}$`, 'u').test(path)) ?? '';
    const responses = this.told.paths[template]?.[method.toLowerCase()]?.responses ?? {};
    const content = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1].content ?? {};
    const schema = Object.values(content)[0]?.schema;
    if (schema === undefined) return body;
    const spoiler = this.spoiler(path);
    return Array.isArray(body) ? body.map((one) => spoiler.spoil(schema, one, '.')) : spoiler.spoil(schema, body, '.');
  }

  /** An event's data, of the shape that bears this name. */
  event(shape: string, data: unknown): unknown {
    return this.spoiler(JSON.stringify(data)).spoil({ $ref: `/${shape}` }, data, '.');
  }

  /** Subtitles of nothing else. */
  cues(): string {
    const clean = WORST.map((text) => text.replace(/[\r\n]+/gu, ' ').trim()).filter((text) => text !== '');
    return ['WEBVTT', ...clean.map((text, n) => `00:00:${String(2 * n).padStart(2, '0')}.000 --> 00:10:00.000\n${text}`)].join('\n\n');
  }

  private spoiler(what: string): Spoiler {
    return new Spoiler(this.told.components.schemas, dice(seedOf(`${this.seed} ${what}`)));
  }
}
