// What a route answers, or why it did not, or that it is on its way.
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useWords } from '../words.tsx';
import { Why } from './Alert.tsx';

export function Answered<T>({
  by: query,
  children,
}: {
  readonly by: UseQueryResult<T>;
  readonly children: (value: T) => ReactNode;
}) {
  const { say } = useWords();
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <Why of={query.error} />;
  return <p role="status">{say('loading')}</p>;
}
