// A page: its heading, which is told to the browser and takes the focus when the page opens, so that a screen reader says where one is.
import { useEffect, useRef, type ReactNode } from 'react';

export function Page({
  title,
  lead,
  ownFocus = false,
  children,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  /** The page puts the focus where the work is. */
  readonly ownFocus?: boolean;
  readonly children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · OpenCanvass`;
  }, [title]);
  useEffect(() => {
    if (!ownFocus) heading.current?.focus({ preventScroll: true });
  }, [ownFocus]);
  return (
    <>
      <div className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead === undefined ? null : <p className="lead">{lead}</p>}
      </div>
      {children}
    </>
  );
}
