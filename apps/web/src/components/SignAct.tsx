// Acts that bind are prepared by the desk and signed by the person, here (decisions/0011). What is shown is what is signed: the words come
// from the bodies that the desk gives out, and nothing is signed unless the digest in each act is of exactly these words.
import { routes, type Output } from '@opencanvass/contract';
import { fromBase64, fromUtf8 } from '@opencanvass/evidence/bytes';
import { bodyDigest, type Act, type SaltedBody } from '@opencanvass/evidence/record';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { ask, Refused, useAnswer } from '../api.ts';
import { useSignedIn } from '../session.ts';
import { keptKey, signaturesOf } from '../signingKey.ts';
import { useWords } from '../words.tsx';
import { Alert, Why } from './Alert.tsx';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { bodyInWords, kindInWords } from './actWords.ts';

type ToSign = Output<typeof routes.seed>;
interface Shown {
  readonly act: Act;
  readonly body: unknown;
}

export function SignAct({
  label,
  disabled = false,
  prepare,
  meaning,
  onSigned,
}: {
  /** The words of the button. */
  readonly label: string;
  readonly disabled?: boolean;
  /** Asks the desk to prepare the acts: ask(routes.seal, …). */
  readonly prepare: () => Promise<ToSign>;
  /** What signing means, in a sentence or two. */
  readonly meaning: ReactNode;
  /** The positions of the new entries. */
  readonly onSigned?: (positions: readonly number[]) => void;
}) {
  const words = useWords();
  const { say } = words;
  const session = useSignedIn();
  const queries = useQueryClient();
  const key = useQuery({
    queryKey: ['kept key', session.login],
    queryFn: async () => (await keptKey(session.login!)) ?? null,
  }).data;
  const [open, setOpen] = useState<{ readonly prepared: ToSign; readonly acts: readonly Shown[] }>();
  const preparing = useMutation({
    mutationFn: async () => {
      const prepared = await prepare();
      return { prepared, acts: shown(prepared) };
    },
    onSuccess: setOpen,
  });
  const signing = useMutation({
    mutationFn: async ({ prepared: { prepared, payloadType, payloads } }: NonNullable<typeof open>) =>
      ask(routes.sign, {
        params: { prepared },
        body: await signaturesOf(key!, payloadType, payloads),
      }),
    onSuccess: async ({ positions }) => {
      setOpen(undefined);
      await queries.invalidateQueries();
      onSigned?.(positions);
    },
  });
  const status = useAnswer(routes.status, {}).data;
  const ready = session.key === 'authorised' && key?.keyid === session.keyid;
  return (
    <>
      <div className="acts">
        <Button
          busy={preparing.isPending}
          disabled={disabled || !ready}
          onClick={() => {
            signing.reset();
            preparing.mutate();
          }}
        >
          {label}
        </Button>
      </div>
      {ready || key === undefined ? null : (
        <Alert kind="warning">
          {say(session.key === 'waiting' ? 'sign.keyWaiting' : 'sign.noKey')}{' '}
          <Link to="/key">{say('sign.toKey')}</Link>
        </Alert>
      )}
      <Why of={preparing.error} />
      {open === undefined ? null : (
        <Dialog title={say('sign.title')} onClose={() => setOpen(undefined)}>
          <div>{meaning}</div>
          {open.acts.map(({ act, body }) => (
            <section className="sign-words" key={act.body.digest}>
              <h3>{kindInWords(act.kind, words)}</h3>
              <dl>
                {bodyInWords(act, body, words, status ?? { contests: [], counties: [] }).map(
                  ({ name, value, asWritten }, i) => (
                    <div key={`${i} ${name}`}>
                      <dt>{name}</dt>
                      <dd {...(asWritten ? { lang: '' } : {})}>{value}</dd>
                    </div>
                  ),
                )}
              </dl>
            </section>
          ))}
          <p className="fine">{say('sign.checked')}</p>
          <Why of={signing.error} />
          <div className="acts">
            <Button busy={signing.isPending} onClick={() => signing.mutate(open)}>
              {say('sign.sign', { who: session.who })}
            </Button>
            <Button look="outline" onClick={() => setOpen(undefined)}>
              {say('cancel')}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

/** What was prepared, opened; throws where the words are not those that the acts hold the digest of. */
function shown({ payloads, bodies }: ToSign): Shown[] {
  return payloads.map((payload, i) => {
    const act = read(payload) as Act;
    const { salt, body } = read(bodies[i]!) as SaltedBody;
    if (bodyDigest(fromBase64(salt)!, body) !== act.body.digest)
      throw new Refused(0, { code: 'words-differ-from-act' });
    return { act, body };
  });
}

const read = (base64: string): unknown => JSON.parse(fromUtf8(fromBase64(base64)!)!);
