// The desk's pages begin here.
import '@opencanvass/contract/withoutEval';
import 'desk-style.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from './api.ts';
import { router } from './router.tsx';
import { WordsProvider } from './words.tsx';

createRoot(document.querySelector('#desk')!).render(
  <StrictMode>
    <WordsProvider>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </WordsProvider>
  </StrictMode>,
);
