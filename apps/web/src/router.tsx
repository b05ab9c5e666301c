// Which page is at which address. A page is a file in pages/ with a default export, loaded when somebody goes there.
import type { Role } from '@opencanvass/contract';
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { Shell } from './components/Shell.tsx';
import { NotFound } from './pages/NotFound.tsx';
import { withAccount } from './places.ts';

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

const routeTree = root.addChildren([
  page('/', () => import('./pages/Audit.tsx'), withAccount),
  page('/sign-in', () => import('./pages/SignIn.tsx')),
  page('/key', () => import('./pages/Key.tsx'), withAccount),
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
