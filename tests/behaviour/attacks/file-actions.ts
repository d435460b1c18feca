import type { Action } from './action.ts';
import { changes, reads, writes } from './signs.ts';

/** Those that are about files. */
export const FILE_ACTIONS: readonly Action[] = [
  {
    action: 'syscall.AddingSshKeysToAuthorizedKeys',
    script: 'd=/root; [ -w $d ] || d=$T; mkdir -p $d/.ssh; echo "ssh-ed25519 AAAAC3Nz x" >> $d/.ssh/authorized_keys',
    shows: writes(/\/authorized_keys$/),
  },
  {
    action: 'syscall.ClearLogActivities',
    script: 'for f in /var/log/dpkg.log /var/log/alternatives.log; do : > $f; done',
    shows: writes(/^\/var\/log\/(?:dpkg|alternatives)\.log$/),
  },
  {
    action: 'syscall.ContainerDriftDetectedChmod',
    script: 'cat /bin/true > $T/drift; chmod u+x $T/drift',
    shows: changes(/chmod/, /\/drift$/),
  },
  {
    action: 'syscall.ContainerDriftDetectedOpenCreate',
    script: `perl -e 'use Fcntl; sysopen(F, "$ARGV[0]/opened", O_CREAT | O_WRONLY, 0755)' $T`,
    shows: writes(/\/opened$/),
  },
  { action: 'syscall.CreateFilesBelowDev', script: 'echo x > /dev/created', shows: writes(/^\/dev\/created$/) },
  {
    action: 'syscall.CreateHardlinkOverSensitiveFiles',
    script: 'ln /etc/shadow $T/shadow || ln /etc/passwd $T/passwd',
    shows: changes(/^link/, /\/(?:shadow|passwd)$/),
  },
  {
    action: 'syscall.CreateHiddenFilesOrDirectories',
    script: 'echo x > $T/.hidden',
    shows: writes(/\/\.hidden$/),
  },
  {
    action: 'syscall.CreateSymlinkOverSensitiveFiles',
    script: 'ln -s /etc/shadow $T/link',
    shows: changes(/^symlink/, /\/link$/),
  },
  {
    action: 'syscall.DeleteOrRenameShellHistory',
    script: 'h=$T/.bash_history; echo ls > $h; rm $h',
    shows: changes(/^unlink/, /\.bash_history$/),
  },
  {
    action: 'syscall.DetectReleaseAgentFileContainerEscapes',
    script: 'mkdir -p $T/group; echo /cmd > $T/group/release_agent',
    shows: writes(/\/release_agent$/),
  },
  {
    action: 'syscall.DirectoryTraversalMonitoredFileRead',
    script: 'cat /usr/share/../../etc/shadow || cat /usr/share/../../etc/passwd',
    shows: reads(/\/etc\/(?:shadow|passwd)$/),
  },
  {
    action: 'syscall.MkdirBinaryDirs',
    script: 'mkdir /usr/bin/made',
    shows: changes(/^mkdir/, /\/bin\/made$/),
  },
  {
    action: 'syscall.ModifyBinaryDirs',
    script: 'mv /usr/bin/yes /usr/bin/no; mv /usr/bin/no /usr/bin/yes',
    shows: changes(/^rename/, /\/bin\/(?:yes|no)$/),
  },
  {
    action: 'syscall.ModifyContainerEntrypoint',
    script: 'f=/srv/app/start.sh; [ -e $f ] || f=/docker-entrypoint.sh; echo "# changed" >> $f',
    shows: writes(/\/(?:start|docker-entrypoint)\.sh$/),
  },
  {
    action: 'syscall.ModifyShellConfigurationFile',
    script: 'd=/root; [ -w $d ] || d=$T; echo "alias ls=true" >> $d/.bashrc',
    shows: writes(/\/\.bashrc$/),
  },
  {
    action: 'syscall.ReadEnvironmentVariableFromProcFiles',
    script: 'cat /proc/self/environ /proc/1/environ | tr "\\\\0" "\\\\n"',
    shows: reads(/^\/proc\/[^/]+\/environ$/),
  },
  {
    action: 'syscall.ReadSensitiveFileTrustedAfterStartup',
    script: 'cp /bin/cat $T/httpd; $T/httpd /etc/shadow',
    shows: reads(/^\/etc\/shadow$/),
  },
  { action: 'syscall.ReadSensitiveFileUntrusted', script: 'cat /etc/shadow', shows: reads(/^\/etc\/shadow$/) },
  {
    action: 'syscall.ReadShellConfigurationFile',
    script: 'cat /root/.bashrc || cat /etc/skel/.bashrc',
    shows: reads(/\.bashrc$/),
  },
  {
    action: 'syscall.ReadSshInformation',
    script: 'd=/root; [ -w $d ] || d=$T; mkdir -p $d/.ssh; echo key > $d/.ssh/id_rsa; cat $d/.ssh/id_rsa',
    shows: reads(/\/\.ssh\/id_rsa$/),
  },
  {
    action: 'syscall.ScheduleCronJobs',
    script: 'mkdir -p /etc/cron.d; echo "* * * * * root true" > /etc/cron.d/added',
    shows: writes(/\/cron\.d\/added$/),
  },
  {
    action: 'syscall.SetSetuidOrSetgidBit',
    script: 'cat /bin/true > $T/bits; chmod 4755 $T/bits',
    shows: changes(/chmod/, /\/bits$/),
  },
  {
    action: 'syscall.WriteBelowBinaryDir',
    script: 'echo x > /usr/bin/created',
    shows: writes(/\/bin\/created$/),
  },
  { action: 'syscall.WriteBelowEtc', script: 'echo x > /etc/created', shows: writes(/^\/etc\/created$/) },
  {
    action: 'syscall.WriteBelowMonitoredDir',
    script: 'echo x > /usr/local/lib/created',
    shows: writes(/\/local\/lib\/created$/),
  },
  { action: 'syscall.WriteBelowRoot', script: 'echo x > /created', shows: writes(/^\/created$/) },
  {
    action: 'syscall.WriteBelowRpmDatabase',
    script: 'mkdir -p /var/lib/rpm; echo x > /var/lib/rpm/created',
    shows: writes(/\/rpm\/created$/),
  },
];
