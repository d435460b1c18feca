/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * Whom a process speaks to, as it wrote the address: of IPv4, IPv6, or a file. Others name no peer: netlink's, and none at
 * all, by which a socket forgets its peer.
 */
#pragma once

#define EINPROGRESS 115
#define UNIX_PATH 108
#define SENT 0x10000 /* above all protocols */

static __always_inline __u16 family_of(struct sock *sock)
{
	return FIELD(sock, __sk_common.skc_family);
}

/* The peer that a socket has by now: for whoever takes the address away before we read it. */
static __always_inline int read_connected(struct peer_head *head, struct sock *sock)
{
	head->family = family_of(sock);
	head->port = BPF_CORE_READ(sock, __sk_common.skc_dport);
	if (head->family == AF_INET)
		head->words[0] = BPF_CORE_READ(sock, __sk_common.skc_daddr);
	else if (head->family == AF_INET6)
		BPF_CORE_READ_INTO(&head->words[1], sock, __sk_common.skc_v6_daddr);
	else
		return 0;
	return head->port != 0;
}

/* Datagrams to whom the socket was connected name nobody. */
static __always_inline int read_receiver(struct peer_head *head, const struct call *call, struct sock *sock)
{
	if (call->number == CALL_CONNECT || call->result < 0 || !sock || FIELD(sock, sk_protocol) != UDP)
		return 0;
	return read_connected(head, sock);
}

/* 0 where there is no peer. */
static __always_inline int read_peer(struct peer_head *head, const struct call *call, struct sock *sock, __u64 address,
				     __u32 size)
{
	__builtin_memset(head, 0, sizeof(*head));
	__u32 length = size < sizeof(*head) ? size : sizeof(*head) - 1;
	asm volatile("" : "+r"(length));
	if (!address || size < sizeof(head->family))
		return read_receiver(head, call, sock);
	if (bpf_probe_read_user(head, length & (sizeof(*head) - 1), (void *)address))
		return sock && (call->result >= 0 || call->result == -EINPROGRESS) && read_connected(head, sock);
	/* Datagrams of IPv4 take no family for theirs. */
	if (head->family == 0 && call->number != CALL_CONNECT && sock && family_of(sock) == AF_INET)
		head->family = AF_INET;
	return head->family == AF_INET || head->family == AF_INET6 || head->family == AF_UNIX;
}

static __noinline __u32 append_peer(struct event *event, const struct peer_head *head, struct sock *sock, __u64 address,
				    __u32 size)
{
	event->values[0] = head->family;
	if (sock) {
		event->values[1] = BPF_CORE_READ(sock, sk_protocol);
		event->values[3] = BPF_CORE_READ(sock, __sk_common.skc_num);
	}
	if (head->family == AF_UNIX)
		return append_user(event, 0, 0, address + 2, size - 2 > UNIX_PATH ? UNIX_PATH : size - 2);
	event->values[2] = __builtin_bswap16(head->port);
	/* In IPv6 the first word is a label of packets, and the address begins with the second. */
	if (head->family == AF_INET)
		return append_kernel(event, 0, 0, &head->words[0], 4);
	return append_kernel(event, 0, 0, &head->words[1], 16);
}

/* Who connects for datagrams asks for a route, and need send none: that it then does is another thing. */
static __always_inline void key_of_head(struct watch *watch, const struct peer_head *head, struct sock *sock,
					const struct call *call, struct known_key *key)
{
	__u32 protocol = sock ? FIELD(sock, sk_protocol) : 0;
	if (protocol == UDP && call->number != CALL_CONNECT)
		protocol |= SENT;
	key_of_address(actor_of(watch, call->task), head, protocol, call->result < 0 ? call->result : 0, key);
}
