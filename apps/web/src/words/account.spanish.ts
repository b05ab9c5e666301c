// The words of signing in without a password and of one's own account, in Spanish.
import type { accountEnglish } from './account.english.ts';

export const accountSpanish: Readonly<Record<keyof typeof accountEnglish, string>> = {
  'nav.account': 'Mi cuenta',
  'signIn.passkey': 'Entrar con una llave de acceso',
  'signIn.directory': 'Entrar por {name}',
  'signIn.again': 'Volver a entrar',
  'signIn.recoveryCode': 'Código de recuperación',
  'signIn.recoveryHint': 'Uno de los de su papel. Cada uno vale una vez.',
  'signIn.haveRecoveryCode': 'Tengo un código de recuperación',
  'signIn.haveAuthenticator': 'Tengo mi autenticador',
  'account.title': 'Mi cuenta',
  'account.lead': 'Cómo entra usted, y con qué.',
  'account.byDirectory':
    'Usted entra por el directorio del estado: él guarda su contraseña, y allí se cambia.',
  'account.passwordNow': 'Su contraseña actual',
  'account.code': 'Seis dígitos o un código de recuperación',
  'account.written': 'Está anotado',
  'account.passkeys': 'Llaves de acceso',
  'account.passkeys.lead':
    'Una llave de acceso la guarda su computadora, su teléfono o una llave de seguridad, y se abre con su PIN, su dedo o su cara. No necesita contraseña ni dígitos.',
  'account.passkeys.none': 'Usted no tiene ninguna en este sistema.',
  'account.passkeys.caption': 'Llaves de acceso de esta cuenta',
  'account.passkeys.name': 'Nombre',
  'account.passkeys.created': 'Creada',
  'account.passkeys.used': 'Último uso',
  'account.passkeys.newName': 'Nombre de una llave nueva',
  'account.passkeys.newNameHint': 'Para reconocerla, como «portátil de la oficina».',
  'account.passkeys.add': 'Añadir una llave de acceso',
  'account.passkeys.remove': 'Quitar',
  'account.passkeys.remove.ask': '¿Quitar la llave de acceso «{name}»?',
  'account.passkeys.remove.words': 'Nadie entrará más con ella. Otra se puede crear en cualquier momento.',
  'account.password.lead':
    'Un cambio termina todas sus otras sesiones. Si usted no elige una contraseña, el sistema la crea.',
  'account.password.change': 'Cambiar la contraseña',
  'account.password.changed': 'La contraseña está cambiada. Todas sus otras sesiones han terminado.',
  'account.password.next': 'Contraseña nueva',
  'account.password.nextHint':
    'Al menos 12 caracteres; una frase es buena. Si queda vacía, el sistema crea una.',
  'account.password.made': 'Su contraseña nueva',
  'account.authenticator': 'Autenticador',
  'account.authenticator.lead':
    'Para un teléfono nuevo. La clave del autenticador anterior termina cuando se crea la nueva.',
  'account.authenticator.change': 'Preparar un autenticador nuevo',
  'account.authenticator.made': 'La clave de su autenticador nuevo',
  'account.authenticator.read': 'Mi autenticador la tiene',
  'account.recovery': 'Códigos de recuperación',
  'account.recovery.lead':
    'Diez códigos en papel; cada uno vale una vez en lugar de los seis dígitos, por si se pierde el teléfono.',
  'account.recovery.left': 'Le quedan {n}.',
  'account.recovery.make': 'Crear diez códigos nuevos',
  'account.recovery.of': 'Códigos de recuperación de {login}',
  'account.recovery.use':
    'Cada uno vale una vez, en lugar de los seis dígitos. Los anteriores ya no valen. Guárdelos en papel, lejos de su contraseña.',
  'account.recovery.print': 'Imprimir',
  'account.key.none': 'Usted no tiene ninguna todavía.',
  'account.key.waiting': 'Espera a la administración estatal.',
  'account.key.authorised': 'Está en el registro: usted puede firmar.',
  'account.key.withdrawn': 'Fue retirada: cree una nueva.',
};
