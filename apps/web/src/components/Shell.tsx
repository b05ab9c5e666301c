// What is around every page: the way past it for keyboards, whose desk it is, who is signed in, the language, the places one may go.
import { routes, type Role } from '@opencanvass/contract';
import { Link, Navigate, Outlet, useMatches } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAnswer } from '../api.ts';
import { places } from '../places.ts';
import { useSession } from '../session.ts';
import { useWords } from '../words.tsx';
import { Page } from './Page.tsx';
import { SignOut, SignOutOfBoard } from './SignOut.tsx';

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** Who may see the page; absent: anybody, signed in or not. */
    readonly roles?: readonly Role[];
  }
}

export function Shell() {
  const { say, language, setLanguage } = useWords();
  const session = useSession();
  const status = useAnswer(routes.status, {});
  const here = useMatches().at(-1);
  const roles = here?.staticData.roles;
  return (
    <>
      <a className="usa-skipnav" href="#main">
        {say('skip')}
      </a>
      <header>
        <div className="banner">
          <div className="grid-container row">
            <Link to="/" className="name">
              OpenCanvass
            </Link>
            <span className="election">{status.data?.election?.name ?? ''}</span>
            <div className="who">
              {session === null || session === undefined ? null : (
                <span>
                  {session.who}, {say(`role.${session.role}`)}
                </span>
              )}
              <button
                type="button"
                lang={language === 'en' ? 'es' : 'en'}
                onClick={() => setLanguage(language === 'en' ? 'es' : 'en')}
              >
                {language === 'en' ? 'Español' : 'English'}
              </button>
              {session === null || session === undefined ? null : session.role === 'audit board' ? (
                <SignOutOfBoard />
              ) : (
                <SignOut />
              )}
            </div>
          </div>
        </div>
        {session === null || session === undefined ? null : <Places role={session.role} />}
      </header>
      <main id="main" tabIndex={-1}>
        <div className="grid-container">
          <Allowed roles={roles} role={session === undefined ? undefined : (session?.role ?? 'public')}>
            <Outlet />
          </Allowed>
        </div>
      </main>
      <footer className="foot">
        <div className="grid-container">{say('foot')}</div>
      </footer>
    </>
  );
}

function Places({ role }: { readonly role: Role }) {
  const { say } = useWords();
  return (
    <nav className="places" aria-label={say('nav.label')}>
      <div className="grid-container">
        <ul>
          {places
            .filter((p) => p.roles.includes(role))
            .map((p) => (
              <li key={p.to}>
                <Link to={p.to} activeOptions={{ exact: p.to === '/' || p.to === '/county' }}>
                  {say(p.name)}
                </Link>
              </li>
            ))}
        </ul>
      </div>
    </nav>
  );
}

/** The page, where this role may see it. The server decides what is done; this decides what is offered. */
function Allowed({
  roles,
  role,
  children,
}: {
  readonly roles: readonly Role[] | undefined;
  readonly role: Role | undefined;
  readonly children: ReactNode;
}) {
  const { say } = useWords();
  if (roles === undefined) return children;
  if (role === undefined) return <p role="status">{say('loading')}</p>;
  if (role === 'public') return <Navigate to="/sign-in" />;
  return roles.includes(role) ? children : <Page title={say('notYours')}>{null}</Page>;
}
