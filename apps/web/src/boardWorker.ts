// The boards' screen loads again without the network: this worker holds the built files, and answers with them where the network does not. It
// looks after /desk/board and nothing else; what the desk is asked and told goes past it.
interface Extendable extends Event {
  readonly waitUntil: (done: Promise<unknown>) => void;
}
interface Asked extends Extendable {
  readonly request: Request;
  readonly respondWith: (response: Promise<Response>) => void;
}
/** What of a worker's global scope is used here; the pages' own library of types has no workers. */
declare const self: {
  /** Written in by the build: a name for exactly these files, and the files. */
  readonly built: { readonly digest: string; readonly files: readonly string[] };
  readonly skipWaiting: () => Promise<void>;
  readonly clients: { readonly claim: () => Promise<void> };
  addEventListener(kind: 'install' | 'activate', listen: (event: Extendable) => void): void;
  addEventListener(kind: 'fetch', listen: (event: Asked) => void): void;
};

const page = '/desk/board';
const name = `opencanvass board ${self.built.digest}`;

self.addEventListener('install', (event) => {
  const hold = async () => {
    const cache = await caches.open(name);
    await cache.addAll([page, ...self.built.files]);
    await self.skipWaiting();
  };
  event.waitUntil(hold());
});

self.addEventListener('activate', (event) => {
  const takeOver = async () => {
    for (const old of await caches.keys()) if (old !== name) await caches.delete(old);
    await self.clients.claim();
  };
  event.waitUntil(takeOver());
});

self.addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== 'GET') return;
  if (event.request.mode === 'navigate') event.respondWith(fromNetworkOr(event.request, page));
  else if (pathname.startsWith('/desk/assets/')) event.respondWith(fromCacheOr(event.request));
});

async function fromNetworkOr(request: Request, held: string): Promise<Response> {
  try {
    return await fetch(request);
  } catch (fault) {
    const response = await caches.match(held);
    if (response === undefined) throw fault;
    return response;
  }
}

const fromCacheOr = async (request: Request): Promise<Response> =>
  (await caches.match(request)) ?? fetch(request);
