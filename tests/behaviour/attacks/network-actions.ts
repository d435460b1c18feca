import { GATEWAY } from '../record/containers.ts';
import type { Action } from './action.ts';
import { calls, connects } from './signs.ts';

/** A shell that connects, under the name of another program. */
const connectAs = (name: string, port: number): string =>
  `cp /bin/bash $T/${name}; $T/${name} -c "timeout 2 true; exec 3<>/dev/tcp/${GATEWAY}/${port}"`;

/** Those that are about networks. */
export const NETWORK_ACTIONS: readonly Action[] = [
  {
    action: 'syscall.ContactEC2InstanceMetadataServiceFromContainer',
    script: 'timeout 1 bash -c "exec 3<>/dev/tcp/169.254.169.254/80"',
    shows: ({ type, peer }) => type === 'connect' && peer?.address === '169.254.169.254',
  },
  {
    action: 'syscall.DisallowedSSHConnectionNonStandardPort',
    script: connectAs('ssh', 2222),
    shows: connects(2222),
  },
  {
    action: 'syscall.InterpretedProcsInboundNetworkActivity',
    script: `perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1", LocalPort => 4445); if (!fork) { IO::Socket::INET->new("127.0.0.1:4445"); exit } $s->accept'`,
    shows: ({ type, local, process: program }) =>
      (type === 'listen' || type === 'accept') && local?.port === 4445 && /perl/.test(program?.path ?? ''),
  },
  {
    action: 'syscall.InterpretedProcsOutboundNetworkActivity',
    script: `perl -MIO::Socket::INET -e 'IO::Socket::INET->new(PeerAddr => "${GATEWAY}:8111", Timeout => 2)'`,
    shows: connects(8111),
  },
  {
    action: 'syscall.PacketSocketCreatedInContainer',
    script: `perl -e 'socket(S, 17, 2, 0x300) or print $!'`,
    shows: calls(/socket|CAP_NET_RAW/),
  },
  {
    action: 'syscall.SystemProcsNetworkActivity',
    script: connectAs('sha1sum', 8112),
    shows: connects(8112),
  },
  {
    action: 'syscall.UnexpectedUDPTraffic',
    script: `bash -c "echo x > /dev/udp/${GATEWAY}/9999"`,
    shows: connects(9999, 'UDP'),
  },
];
