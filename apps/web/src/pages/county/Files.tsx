// A county's files: given to the desk, held against each other and against the reported results, put right, and sealed.
import { routes, type Output } from '@opencanvass/contract';
import { useState } from 'react';
import { ask, useAct, useAnswer } from '../../api.ts';
import { Alert, Why } from '../../components/Alert.tsx';
import { Answered } from '../../components/Answered.tsx';
import { SelectField, TextArea } from '../../components/fields.tsx';
import { FileDrop } from '../../components/FileDrop.tsx';
import { Page } from '../../components/Page.tsx';
import { SignAct } from '../../components/SignAct.tsx';
import { Tag } from '../../components/Tag.tsx';
import { useWords } from '../../words.tsx';
import { useCounty } from './useCounty.ts';

type Inputs = Output<typeof routes.checkInputs>;
type Upload = Inputs['uploads'][number];

/** So many contests have a field each. */
const few = 4;

export default function FilesPage() {
  const { say } = useWords();
  const { id, status, state } = useCounty();
  const inputs = useAnswer(routes.checkInputs, { params: { county: id } });
  const isOpen = status?.seed === undefined;
  const [picked, setPicked] = useState('');
  return (
    <Page title={say('files.title')} lead={say('files.lead')}>
      {isOpen ? null : <Alert kind="info">{say('files.closed')}</Alert>}
      <Answered by={inputs}>
        {({ uploads, findings, contests }) => {
          const given = new Set(uploads.map((u) => u.what));
          const here = (status?.contests ?? []).filter((c) => contests.includes(c.contest));
          // A county votes on dozens of contests and audits few: a field is shown for those that have a file, and for one that is asked for.
          const shown = here.filter(
            (c) => here.length <= few || given.has(`totals ${c.contest}`) || c.contest === picked,
          );
          return (
            <>
              <UploadFile what="manifest" uploads={uploads} county={id} isOpen={isOpen} />
              <UploadFile what="cvrs" uploads={uploads} county={id} isOpen={isOpen} />
              {shown.map((c) => (
                <UploadFile
                  key={c.contest}
                  what={`totals ${c.contest}`}
                  contest={c}
                  uploads={uploads}
                  county={id}
                  isOpen={isOpen}
                />
              ))}
              {isOpen && here.length > few ? (
                <section className="upload">
                  <h2>{say('files.another')}</h2>
                  <SelectField
                    label={say('files.anotherPick')}
                    value={shown.length === here.length ? '' : picked}
                    onChange={(e) => setPicked(e.target.value)}
                  >
                    <option value="">–</option>
                    {here
                      .filter((c) => c.contest === picked || !shown.includes(c))
                      .map((c) => (
                        <option key={c.contest} value={c.contest}>
                          {c.name}
                        </option>
                      ))}
                  </SelectField>
                </section>
              ) : null}
              <Findings findings={findings} />
              {isOpen ? (
                <Seal
                  county={id}
                  isSealed={state?.sealed === true}
                  isChanged={uploads.some((u) => !u.sealed)}
                  stops={findings.some((f) => f.weight === 'stop')}
                />
              ) : null}
            </>
          );
        }}
      </Answered>
    </Page>
  );
}

function UploadFile({
  what,
  contest,
  uploads,
  county,
  isOpen,
}: {
  readonly what: string;
  readonly contest?: { readonly contest: string; readonly name: string };
  readonly uploads: readonly Upload[];
  readonly county: string;
  readonly isOpen: boolean;
}) {
  const { say, number, why } = useWords();
  const manifest = useAct(routes.manifest);
  const cvrs = useAct(routes.cvrs);
  const totals = useAct(routes.batchTotals);
  const [file, setFile] = useState<File>();
  const act = contest === undefined ? (what === 'manifest' ? manifest : cvrs) : totals;
  const given = uploads.find((u) => u.what === what);
  const title =
    contest === undefined
      ? say(what === 'manifest' ? 'files.manifest' : 'files.cvrs')
      : say('files.totals', { contest: contest.name });
  const take = async (next: File) => {
    setFile(next);
    const bytes = new Uint8Array(await next.arrayBuffer());
    const query = { name: next.name };
    if (contest !== undefined)
      totals.mutate({ params: { county, contest: contest.contest }, query, file: bytes });
    else if (what === 'manifest') manifest.mutate({ params: { county }, query, file: bytes });
    else cvrs.mutate({ params: { county }, query, file: bytes });
  };
  if (given === undefined && !isOpen) return null;
  return (
    <section className="upload" aria-label={title}>
      <h2>{title}</h2>
      {given === undefined ? null : (
        <p>
          <strong className="file-name">{given.name}</strong>{' '}
          {say('files.rows', { rows: given.rows, kb: number(Math.max(1, Math.round(given.bytes / 1000))) })}{' '}
          <Tag tone={given.sealed ? 'good' : 'open'}>
            {say(given.sealed ? 'files.sealed' : 'files.notSealed')}
          </Tag>
          {given.refused === 0 ? '' : ` ${say('files.refusedRows', { n: given.refused })}`}
        </p>
      )}
      {isOpen ? (
        <FileDrop
          label={say(given === undefined ? 'files.give' : 'files.replace')}
          hint={say(
            contest !== undefined
              ? 'files.totalsHint'
              : what === 'manifest'
                ? 'files.manifestHint'
                : 'files.cvrsHint',
          )}
          file={file}
          onFile={(f) => void take(f)}
        />
      ) : null}
      {act.isPending ? (
        <p role="status">
          <progress aria-label={say('files.reading')} /> {say('files.reading')}
        </p>
      ) : null}
      <Why of={act.error} />
      {act.data === undefined || act.data.remarks.length === 0 ? null : (
        <details>
          <summary>{say('files.remarks', { n: act.data.remarks.length })}</summary>
          <ul>
            {act.data.remarks.slice(0, 100).map((r) => (
              <li key={`${r.line} ${r.code} ${r.field}`}>{why(r).join(' ')}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Findings({ findings }: { readonly findings: Inputs['findings'] }) {
  const { say, finding } = useWords();
  const of = (weight: 'stop' | 'look') => findings.filter((f) => f.weight === weight);
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">{say('files.findings')}</h2>
      {findings.length === 0 ? <Alert kind="success">{say('files.noFindings')}</Alert> : null}
      {(['stop', 'look'] as const).map((weight) =>
        of(weight).length === 0 ? null : (
          <Alert
            key={weight}
            kind={weight === 'stop' ? 'error' : 'warning'}
            title={say(`files.${weight}`, { n: of(weight).length })}
          >
            <ul>
              {of(weight)
                .slice(0, 100)
                .map(finding)
                .map((words) => (
                  <li key={words}>{words}</li>
                ))}
            </ul>
            {of(weight).length > 100 ? <p>{say('files.more', { n: of(weight).length - 100 })}</p> : null}
          </Alert>
        ),
      )}
    </section>
  );
}

function Seal({
  county,
  isSealed,
  isChanged,
  stops,
}: {
  readonly county: string;
  readonly isSealed: boolean;
  readonly isChanged: boolean;
  readonly stops: boolean;
}) {
  const { say } = useWords();
  const [reason, setReason] = useState('');
  const params = { county };
  if (isSealed && !isChanged) return <Alert kind="success">{say('files.isSealed')}</Alert>;
  return (
    <section aria-labelledby="seal">
      <h2 id="seal">{say(isSealed ? 'files.sealAgain' : 'files.seal')}</h2>
      <p>{say(isSealed ? 'files.sealAgainMeans' : 'files.sealMeans')}</p>
      {isSealed ? (
        <TextArea
          label={say('files.reason')}
          value={reason}
          onChange={(e) => setReason(e.target.value)}
          required
        />
      ) : null}
      <SignAct
        label={say(isSealed ? 'files.sealAgain' : 'files.seal')}
        disabled={stops || (isSealed && reason.trim() === '')}
        prepare={() =>
          isSealed
            ? ask(routes.sealAgain, { params, body: { reason: reason.trim() } })
            : ask(routes.seal, { params })
        }
        meaning={<p>{say('files.sealMeans')}</p>}
      />
    </section>
  );
}
