// Why the desk refused, in Spanish.
import type { problemsEnglish } from './problems.english.ts';

export const problemsSpanish: Readonly<Record<keyof typeof problemsEnglish, string>> = {
  'problem.unknown':
    'El sistema rechazó esto sin una razón que esta página conozca. Vuelva a cargar la página e inténtelo de nuevo.',
  'problem.sign-in-failed':
    'El usuario, la contraseña o los dígitos no son correctos. Los dígitos valen una vez: espere los siguientes.',
  'problem.reader': 'Se esperaba {expected}; se encontró {found}.',
  'problem.no-connection':
    'No se puede llegar al sistema. Revise la red e inténtelo de nuevo; nada ha cambiado.',
  'problem.no-answer-of-ours':
    'Lo que llegó no es una respuesta del sistema. Vuelva a cargar la página e inténtelo de nuevo.',
  'problem.key-file-not-opened':
    'No se pudo abrir el archivo de la clave: es de otro usuario, o la frase es otra.',
  'problem.words-differ-from-act':
    'Las palabras que se muestran no son las del acto que se va a firmar. No se firmó nada. Avise a quien administra el servidor.',
  'problem.announced-after-seed': 'La semilla está sorteada. Ya no se pueden anunciar contiendas.',
  'problem.announced-already': 'Las contiendas y los límites de riesgo ya se han anunciado.',
  'problem.announced-before-results':
    'Las contiendas se pueden anunciar cuando se han informado sus resultados.',
  'problem.another-host': 'A este sistema no se llega por esta dirección.',
  'problem.another-key':
    'El sistema conoce otra clave de esta persona ({expected}). Vuelva a cargar la página y compare de nuevo.',
  'problem.another-origin': 'La petición vino de otro sitio y se rechazó.',
  'problem.assessed-before-paper': 'Todavía no se ha leído nada que se pueda evaluar.',
  'problem.audit-not-ended': 'No todas las contiendas anunciadas han llegado a su fin.',
  'problem.bad-key': 'Esta no es una clave que pueda firmar aquí. Cree una nueva.',
  'problem.bad-proof': 'La clave no demostró ser suya. Cree una nueva en este navegador.',
  'problem.bad-signature': 'La firma no corresponde al acto. Fírmelo de nuevo desde el principio.',
  'problem.batch-not-counted': 'El lote {found} del manifiesto no tiene cuenta.',
  'problem.batch-not-in-manifest': 'El lote {found} no está en el manifiesto.',
  'problem.batch-repeated': 'El lote {found} está dos veces.',
  'problem.before-definition': 'La auditoría todavía no está preparada.',
  'problem.before-jurisdiction-joined': 'El condado no se ha incorporado a la auditoría.',
  'problem.body-too-big': 'Es demasiado grande: {expected} bytes como máximo.',
  'problem.card-without-record': 'Una hoja sorteada no tiene registro.',
  'problem.certified-before-result': 'No se puede firmar nada antes de que las contiendas lleguen a su fin.',
  'problem.contest-has-ended': 'La auditoría de esta contienda ha llegado a su fin.',
  'problem.contest-not-ended': '{expected}: {found}.',
  'problem.contest-twice': 'Una contienda está nombrada dos veces.',
  'problem.contest-without-votes': 'La contienda no tiene votos.',
  'problem.not-reported': 'Todavía no se informó ningún conteo a mano que corregir.',
  'problem.counted-already':
    'El conteo a mano de este condado ya está en el registro. Lo que estaba mal se dice en una corrección.',
  'problem.contest-not-in-county': '{found} no participa en {expected}: sus resultados no la tienen.',
  'problem.county-not-counted': '{found} todavía no ha informado su conteo a mano.',
  'problem.county-not-sealed': '{found} todavía no ha sellado sus archivos.',
  'problem.county-without-batch-totals': '{found} no ha sellado totales por lote de {expected}.',
  'problem.county-without-cvrs': '{found} no ha sellado registros de votos emitidos.',
  'problem.csrf-token-differs':
    'La sesión cambió en otra ventana. Vuelva a cargar la página e inténtelo de nuevo.',
  'problem.file-refused': 'El archivo no se puede tomar como está:',
  'problem.hand-count-before-order': 'No se ha ordenado un conteo completo a mano.',
  'problem.hand-count-before-seed':
    'Un conteo completo a mano de esta contienda se puede ordenar cuando la semilla esté sorteada.',
  'problem.hand-count-does-not-fit-manifest': 'El conteo a mano no corresponde al manifiesto:',
  'problem.inputs-do-not-fit': 'Los archivos no concuerdan entre sí y no se pueden sellar:',
  'problem.jurisdiction': 'La administración de un condado tiene un condado, y nadie más.',
  'problem.key-authorised-already':
    'Una clave suya ya está en el registro. Para otra, la administración estatal la retira primero.',
  'problem.key-not-on-record': 'Esta clave no está en el registro, o ya fue retirada.',
  'problem.key-withdrawn': 'Esta clave fue retirada. Cree una nueva.',
  'problem.login-taken': 'El usuario {found} ya existe.',
  'problem.method-not-allowed': 'El sistema no hace esto.',
  'problem.more-counted-than-manifest':
    '{field}: se contó más de lo que dice el manifiesto, que es {expected}; se encontró {found}.',
  'problem.more-drawn-than-cards': 'Solo hay {expected}; no se pueden sacar {found}.',
  'problem.names-no-earlier-entry': 'No hay un asiento {found} en el registro.',
  'problem.no-password-here': '{found} entra por el directorio del estado, que guarda la contraseña.',
  'problem.no-results-of-contest': 'No hay resultados informados de {found}.',
  'problem.no-risk-limit': 'Falta un límite de riesgo.',
  'problem.not-a-file': 'Esto no es un archivo.',
  'problem.not-found': 'El sistema no conoce nada en esta dirección.',
  'problem.not-json': 'La petición no se pudo leer.',
  'problem.not-signed-in': 'Usted no ha entrado.',
  'problem.not-uploaded': 'No se ha subido tal archivo.',
  'problem.nothing-drawn': 'Todavía no se ha sacado nada.',
  'problem.no-batches-drawn': 'No se sorteó ningún lote de este condado: las hojas de conteo son para lotes.',
  'problem.unknown-board': 'Este no es el código de una mesa de este condado.',
  'problem.no-typesetter':
    'Esta computadora no puede hacer PDF: su plataforma no tiene compositor. Imprima desde un sistema en Linux, macOS o Windows; todo lo demás funciona aquí.',
  'problem.nothing-prepared': 'Lo que se iba a firmar ya no está. Empiece de nuevo.',
  'problem.opened-before-sealed': 'No hay nada sellado en el asiento {found}.',
  'problem.ordered-already': 'Ya se ha ordenado un conteo completo a mano.',
  'problem.own-account':
    'No puede hacer esto con su propia cuenta. Otra persona de la administración estatal puede.',
  'problem.paper-not-read': 'No está leída toda la ronda: quedan {found} por leer.',
  'problem.prepared-too-long-ago': 'Se preparó hace más de una hora. Empiece de nuevo.',
  'problem.preview-after-seed': 'La semilla está sorteada; ya no hay pruebas.',
  'problem.preview-before-announcement':
    'Se puede hacer una prueba cuando se hayan anunciado las contiendas.',
  'problem.record-repeated': 'Un registro está dos veces: {found}.',
  'problem.results-refused': 'El archivo de resultados no se puede tomar como está:',
  'problem.role-not-allowed': 'Esto es para otra función que la suya.',
  'problem.round-assessed-already': 'Esta ronda ya se ha evaluado.',
  'problem.round-not-assessed': 'La última ronda todavía no está evaluada.',
  'problem.rule-not-for-this-desk':
    'La regla de votación de esta contienda ({found}) no se puede auditar aquí con este método.',
  'problem.sample-before-seed': 'Todavía no hay semilla de la que sacar.',
  'problem.sealed-already': 'Los archivos de {found} están sellados.',
  'problem.sealed-input-changed-after-seed':
    'La semilla está sorteada. Lo sellado antes ya no se puede cambiar.',
  'problem.second-definition': 'La auditoría ya está preparada.',
  'problem.second-seed': 'Hay una semilla, y nunca habrá otra.',
  'problem.seed-before-announcement':
    'Las contiendas y los límites de riesgo se anuncian antes de tirar los dados.',
  'problem.seed-before-seal': 'Los condados sellan antes de que se tiren los dados.',
  'problem.seed-not-digits': 'Una semilla son dígitos decimales y nada más.',
  'problem.seed-too-short': 'Una semilla tiene al menos {expected} dígitos; esta tiene {found}.',
  'problem.seed-was-previewed':
    'Estos dígitos se usaron para una prueba y nunca pueden ser la semilla. Tire de nuevo.',
  'problem.session-over': 'La sesión ha terminado. Entre de nuevo.',
  'problem.signature-missing': 'Falta una firma. Empiece de nuevo.',
  'problem.tied-contest':
    'El resultado informado es un empate: solo un conteo completo a mano puede decidirlo.',
  'problem.too-many-failures': 'Demasiados intentos fallidos. Espere un cuarto de hora.',
  'problem.too-many-requests': 'Demasiadas peticiones en un minuto. Espere un poco.',
  'problem.uncontested': 'Nadie podía perder esta contienda.',
  'problem.unknown-account': 'No hay tal cuenta.',
  'problem.unknown-choice': '{found} no es una opción de {expected}.',
  'problem.unknown-contest': 'No hay una contienda {found}.',
  'problem.unknown-jurisdiction': 'No hay un condado {found} en esta elección.',
  'problem.votes-or-not-found': 'Indique los votos o «no encontrado».',
  'problem.wrong-shape': 'Algo falta o no es como debe ser: {found}.',
  'problem.disk-full':
    'El disco del sistema está lleno. Lo guardado está a salvo y se puede leer; no se guarda nada nuevo hasta que quien cuida el servidor haga sitio. Entonces envíelo otra vez.',
  'problem.database-away':
    'La base de datos del sistema no responde. Espere un poco y envíelo otra vez: una entrada ya guardada no se guarda dos veces.',
  'problem.body-cut-off':
    'La conexión se cortó antes de llegar el archivo entero. No se guardó nada; envíelo otra vez.',
  'problem.challenge-over': 'Esto ya se respondió, o hace más de diez minutos. Empiece otra vez.',
  'problem.passkey-refused': 'La respuesta de la llave de acceso no es la correcta para este sistema.',
  'problem.passkey-unknown': 'Este sistema no conoce esa llave de acceso, o su cuenta está cerrada.',
  'problem.passkey-not-given':
    'No se dio ninguna llave de acceso: se canceló, tardó demasiado, o este dispositivo no tiene ninguna para este sistema.',
  'problem.passkey-known-already': 'Esta llave de acceso ya está guardada.',
  'problem.passkeys-need-a-name':
    'Las llaves de acceso funcionan con un nombre, no con un número: abra el sistema por su nombre, como https://audit.example.gov.',
  'problem.passkeys-need-https':
    'Las llaves de acceso solo funcionan por https. Abra el sistema en su dirección https.',
  'problem.password-holds-login': 'La contraseña no debe contener el nombre de usuario.',
  'problem.no-directory': 'Este sistema no tiene un directorio por el que entrar.',
  'problem.directory-away':
    'El directorio ({found}) no responde. Entre con llave de acceso o contraseña, o pruebe más tarde.',
  'problem.open-id-refused': 'La respuesta del directorio no se aceptó. Empiece otra vez.',
  'problem.open-id-no-role':
    'El directorio conoce a {found}, y ningún grupo suyo tiene función en este sistema.',
  'problem.account-disabled': 'Esta cuenta está cerrada.',
  'problem.another-kind-of-reading': 'Es otro tipo de lectura que el que piden este papel y esta contienda.',
  'problem.batch-not-found': 'No se encontró el lote {found}; sin él no se puede informar el conteo a mano.',
  'problem.blank-and-overvote':
    'Hay que decir también cuántas boletas están en blanco y cuántas tienen votos de más.',
  'problem.cards-need-records':
    'Cuántas hojas tienen la contienda solo sirve en una comparación de hojas o en ONEAudit.',
  'problem.choice-missing': 'Debe haber una columna por cada opción de la contienda; se encontró {found}.',
  'problem.contest-without-records': 'Los registros de {found} no contienen {expected}.',
  'problem.entered-by-one-person': 'La segunda captura la hace alguien que no sea {expected}.',
  'problem.entered-once':
    'Las mesas capturan dos veces cada lote de esta contienda. Un condado no puede capturar aquí sus cifras.',
  'problem.file-too-big': 'Este archivo es demasiado grande para mostrarse aquí.',
  'problem.more-cvrs-than-cards':
    'Los registros tienen {found} hojas con esta contienda, y debe haber {expected} como máximo.',
  'problem.no-reading': 'No hay ninguna lectura válida en {found}.',
  'problem.no-records': 'No hay registros de votos emitidos en este archivo.',
  'problem.no-tie':
    'Ningún conteo completo a mano de esta contienda termina en empate: un sorteo no tiene nada que decidir.',
  'problem.reported-winner-not-named':
    'Una contienda por orden de preferencia que se cuenta por completo necesita la única opción que gana según el resultado informado: la suma de primeras preferencias no lo dice. Elíjala para {found}.',
  'problem.reported-winner-not-asked':
    'Quién gana según el resultado informado se anuncia de una contienda por orden de preferencia que se cuenta por completo, y de ninguna otra: {found}.',
  'problem.lot-of-another-kind': 'De este empate se pide lo otro: a quién elige el sorteo o a quién elimina.',
  'problem.not-among-the-tied': 'El sorteo es entre {expected}; {found} no está entre ellos.',
  'problem.not-assessed-yet': 'La ronda aún no se ha evaluado. La mesa o su condado corrige esta lectura.',
  'problem.not-sealed': '{found} todavía no ha sellado nada que se pueda reemplazar.',
  'problem.nothing-changed': 'Estos son los archivos que {found} ya selló.',
  'problem.read-again-after-assessment':
    'La ronda ya se evaluó. Solo el estado puede corregir esta lectura, ante testigos.',
  'problem.records-added-up':
    'El archivo contiene votos sumados. Entregue una exportación con un registro por cada hoja.',
  'problem.reported-already': 'El conteo a mano de {found} ya se informó.',
  'problem.rule-not-for-this-method':
    'El método no corresponde a la regla de votación de esta contienda, o a la función de riesgo elegida.',
  'problem.seats': 'El número de ganadores no es correcto: puede ser {expected}, y es {found}.',
  'problem.two-people': 'Nombre a las dos personas que leyeron.',
  'problem.who-enters': 'Diga quién de la mesa captura las cifras: {expected}.',
};
