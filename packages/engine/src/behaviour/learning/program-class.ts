/** What a program is for, by its name: the last level at which behaviours of different workloads are alike. */
export type ProgramClass = 'shell' | 'tool' | 'network-tool' | 'login' | 'interpreter' | 'application';

const names = (text: string): string[] => text.trim().split(/\s+/);
const CLASSES: ReadonlyMap<string, ProgramClass> = new Map([
  ...names('sh bash dash ash zsh ksh mksh csh tcsh fish rbash').map((name) => [name, 'shell'] as const),
  ...names(
    `cat tac head tail more less cp mv dd tar gzip gunzip zip cpio base64 base32 xxd od hexdump strings grep egrep fgrep
    sed find locate xargs awk gawk mawk tee cut sort uniq env printenv vi vim nano ed rsync ln strace gdb
    rm rmdir mkdir mkfifo mknod mktemp touch chmod chown chgrp ls df du stat file id whoami tr wc split install shred
    truncate diff cmp patch unshare nsenter setpriv chroot mount umount ps kill pkill timeout nohup`,
  ).map((name) => [name, 'tool'] as const),
  ...names('curl wget nc ncat netcat nc.openbsd nc.traditional socat telnet ssh scp sftp ftp nmap dig').map(
    (name) => [name, 'network-tool'] as const,
  ),
  ...names(
    `login su sudo sshd sshd-session passwd chpasswd chage chsh unix_chkpwd unix_update cron crond atd useradd usermod userdel groupadd
    adduser gpasswd newusers pwck grpck vipw dovecot saslauthd polkitd systemd`,
  ).map((name) => [name, 'login'] as const),
  ...names('python perl ruby php node lua tclsh').map((name) => [name, 'interpreter'] as const),
]);
const VERSION = /[\d.]+$/;
/** Those that do what somebody tells them each time: that one did so for one says little of another. */
const TOLD: ReadonlySet<ProgramClass> = new Set(['shell', 'tool', 'network-tool', 'interpreter']);

/** The class of a program by its path, or of the one in its file that acts. */
export function programClass(path: string, applet?: string): ProgramClass {
  const name = applet ?? path.slice(path.lastIndexOf('/') + 1);
  return CLASSES.get(name) ?? CLASSES.get(name.replace(VERSION, '')) ?? 'application';
}

/** Whether a program does what it is told, and not what it is for. */
export const isTold = (path: string, applet?: string): boolean => TOLD.has(programClass(path, applet));
