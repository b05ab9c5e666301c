// Why the desk refused, in Spanish.
import type { problemsEnglish } from './problems.english.ts';

export const problemsSpanish: Readonly<Record<keyof typeof problemsEnglish, string>> = {
  'problem.unknown':
    'La mesa rechazó esto sin una razón que esta página conozca. Vuelva a cargar la página e inténtelo de nuevo.',
  'problem.sign-in-failed':
    'El usuario, la contraseña o los dígitos no son correctos. Los dígitos valen una vez: espere los siguientes.',
  'problem.reader': 'Se esperaba {expected}; se encontró {found}.',
  'problem.no-connection':
    'No se puede llegar a la mesa. Revise la red e inténtelo de nuevo; nada ha cambiado.',
  'problem.no-answer-of-ours':
    'Lo que llegó no es una respuesta de la mesa. Vuelva a cargar la página e inténtelo de nuevo.',
  'problem.key-file-not-opened':
    'No se pudo abrir el archivo de la clave: es de otro usuario, o la frase es otra.',
  'problem.words-differ-from-act':
    'Las palabras que se muestran no son las del acto que se va a firmar. No se firmó nada. Avise a quien administra el servidor.',
};
