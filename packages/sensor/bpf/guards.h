/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * What is stopped: programs before their first instruction, connections before their first packet.
 */
#pragma once

#define SIGKILL 9

/* A program that is not in the image dies here; its runtime, which still stands outside, is let go on. */
static __always_inline __u32 guard_program(__u32 file_flags)
{
	struct watch *watch = watch_of_current();
	if (!watch || mount_namespace() == watch->runtime)
		return LET;
	if ((file_flags & FILE_OVERLAY) && !(file_flags & (FILE_CHANGED | FILE_MEMORY)))
		return LET;
	if (watch->blocks & FOREIGN_PROGRAMS) {
		bpf_send_signal(SIGKILL);
		return STOPPED;
	}
	return watch->audits & FOREIGN_PROGRAMS ? AUDITED : LET;
}

static __always_inline int is_allowed(struct peer_key *key, __u16 port)
{
	key->port = port;
	if (bpf_map_lookup_elem(&peers, key))
		return 1;
	key->port = 0;
	return bpf_map_lookup_elem(&peers, key) != 0;
}

/* Gives what a cgroup hook must: 1 lets the call go on. */
static __noinline int decide_peer(struct peer_key *key, __u16 port)
{
	struct watch *watch = watch_of_current();
	if (!watch || !((watch->blocks | watch->audits) & UNKNOWN_CONNECTIONS))
		return 1;
	key->prefix = (sizeof(*key) - sizeof(key->prefix)) * 8;
	key->container = watch->container;
	if (mount_namespace() == watch->runtime || is_allowed(key, port))
		return 1;
	__u32 thread = (__u32)bpf_get_current_pid_tgid();
	__u32 decision = watch->blocks & UNKNOWN_CONNECTIONS ? STOPPED : AUDITED;
	bpf_map_update_elem(&decided, &thread, &decision, BPF_ANY);
	return decision != STOPPED;
}

static __always_inline int guard_peer4(struct bpf_sock_addr *address)
{
	struct peer_key key = {};
	__u32 ip = address->user_ip4;
	key.address[10] = 0xff;
	key.address[11] = 0xff;
	__builtin_memcpy(key.address + 12, &ip, 4);
	return decide_peer(&key, __builtin_bswap16(address->user_port));
}

static __always_inline int guard_peer6(struct bpf_sock_addr *address)
{
	struct peer_key key = {};
	__u32 words[4] = { address->user_ip6[0], address->user_ip6[1], address->user_ip6[2], address->user_ip6[3] };
	__builtin_memcpy(key.address, words, 16);
	return decide_peer(&key, __builtin_bswap16(address->user_port));
}

/* What was decided about the connection of this thread, once. */
static __always_inline __u32 take_decision(void)
{
	__u32 thread = (__u32)bpf_get_current_pid_tgid();
	__u32 *decision = bpf_map_lookup_elem(&decided, &thread);
	__u32 found = decision ? *decision : LET;
	if (decision)
		bpf_map_delete_elem(&decided, &thread);
	return found;
}
