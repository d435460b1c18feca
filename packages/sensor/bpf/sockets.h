/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * Sockets that ask no address, or whose address is a file.
 */
#pragma once

#define ABSTRACT 0

struct bpf_sock_addr_kern {
	struct sockaddr *uaddr;
	__u32 uaddrlen;
} RELOCATED;

extern void *bpf_cast_to_kern_ctx(void *context) __ksym __weak;

/* By the name as it was written: what a link leads to is not known here. Linux 6.7 and later; user space sets its type, which libbpf 1.1 does not know by name. */
SEC("?connect_unix")
int on_connect_unix(struct bpf_sock_addr *address)
{
	struct watch *watch = watch_of_current();
	if (!watch || !((watch->blocks | watch->audits) & SOCKET_FILES) || !bpf_cast_to_kern_ctx || is_preparing())
		return 1;
	struct bpf_sock_addr_kern *kernel = bpf_cast_to_kern_ctx(address);
	const char *text = (void *)BPF_CORE_READ(kernel, uaddr) + 2;
	__u32 size = BPF_CORE_READ(kernel, uaddrlen);
	char path[UNIX_PATH + 4] = {};
	if (size <= 2 || size > 2 + UNIX_PATH || bpf_probe_read_kernel(path, size - 2, text) || path[0] == ABSTRACT)
		return 1;
	__u32 length = 0;
	while (length < UNIX_PATH && path[length])
		length++;
	if (is_text_permitted(watch->container, SOCKET_FILES, address_of_path(current_program()), (__u64)text, length) ||
	    is_text_permitted(watch->container, SOCKET_FILES, 0, (__u64)text, length))
		return 1;
	__u32 decision = watch->blocks & SOCKET_FILES ? STOPPED : AUDITED;
	note_decision(decision | SOCKET_FILES << 8);
	return decision != STOPPED;
}

/* Raw sockets reach where no connection goes: with them a guard of connections would be none. */
SEC("cgroup/sock_create")
int on_socket_create(struct bpf_sock *socket)
{
	struct watch *watch = socket->type == SOCK_RAW ? watch_of_current() : 0;
	if (!watch || !(watch->blocks & UNKNOWN_CONNECTIONS) || is_preparing())
		return 1;
	if (is_permitted(watch->container, UNKNOWN_CONNECTIONS, address_of_path(current_program()), 0))
		return 1;
	note_decision(STOPPED | UNKNOWN_CONNECTIONS << 8);
	return 0;
}
