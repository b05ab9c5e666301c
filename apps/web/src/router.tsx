// Which page is at which address. A page is a file in pages/ with a default export, loaded when somebody goes there.
import type { Role } from '@opencanvass/contract';
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { Shell } from './components/Shell.tsx';
import { NotFound } from './pages/NotFound.tsx';
import { manager, signs, state, withAccount } from './places.ts';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

/** A page that only these roles are shown; without roles, everybody. */
const page = <P extends string>(
  path: P,
  load: () => Promise<{ readonly default: ComponentType }>,
  roles?: readonly Role[],
) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(load),
    staticData: roles === undefined ? {} : { roles },
  });

const loadedAt = location.pathname;

/**
 * The boards' screens. The worker that holds them looks after documents that were loaded below its own address: whoever comes here from another page of the
 * desk, back through the browser's history perhaps, loads this one.
 */
const boards = createRoute({
  getParentRoute: () => root,
  id: 'boards',
  beforeLoad: ({ preload }) => {
    if (preload || loadedAt.startsWith('/desk/board')) return;
    location.reload();
    return new Promise<never>(() => undefined);
  },
});

/** What an address names after ?: texts, each of which may be missing. */
const texts =
  <N extends string>(...names: readonly N[]) =>
  (search: Record<string, unknown>): { readonly [K in N]?: string } =>
    Object.fromEntries(names.flatMap((n) => (typeof search[n] === 'string' ? [[n, search[n]]] : []))) as {
      readonly [K in N]?: string;
    };

const routeTree = root.addChildren([
  page('/', () => import('./pages/Audit.tsx'), withAccount),
  page('/sign-in', () => import('./pages/account/SignIn.tsx')),
  page('/sign-in/open-id', () => import('./pages/account/FromDirectory.tsx')),
  page('/account', () => import('./pages/account/Account.tsx'), withAccount),
  page('/county', () => import('./pages/county/County.tsx'), manager),
  page('/county/files', () => import('./pages/county/Files.tsx'), manager),
  page('/county/boards', () => import('./pages/county/Boards.tsx'), manager),
  page('/county/discrepancies', () => import('./pages/county/Discrepancies.tsx'), manager),
  page('/county/hand-count', () => import('./pages/county/HandCount.tsx'), manager),
  boards.addChildren([
    createRoute({
      getParentRoute: () => boards,
      path: '/board',
      component: lazyRouteComponent(() => import('./pages/board/Board.tsx')),
    }),
    createRoute({
      getParentRoute: () => boards,
      path: '/board/read',
      component: lazyRouteComponent(() => import('./pages/board/Read.tsx')),
      validateSearch: texts('unit'),
    }),
    createRoute({
      getParentRoute: () => boards,
      path: '/board/count',
      component: lazyRouteComponent(() => import('./pages/board/Count.tsx')),
      validateSearch: texts('unit', 'contest'),
    }),
  ]),
  page('/key', () => import('./pages/account/Key.tsx'), signs),
  page('/contests/$contest', () => import('./pages/Contest.tsx'), withAccount),
  page('/record', () => import('./pages/Record.tsx'), withAccount),
  page('/set-up', () => import('./pages/state/SetUp.tsx'), state),
  page('/accounts', () => import('./pages/state/Accounts.tsx'), state),
  page('/announcement', () => import('./pages/state/Announce.tsx'), state),
  page('/seed', () => import('./pages/state/Seed.tsx'), state),
  page('/attempts', () => import('./pages/state/Attempts.tsx'), state),
  page('/certificate', () => import('./pages/Certificate.tsx'), ['canvass board', 'state administrator']),
  page('/observe', () => import('./pages/Observe.tsx'), ['observer']),
]);

export const router = createRouter({
  routeTree,
  basepath: '/desk',
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
