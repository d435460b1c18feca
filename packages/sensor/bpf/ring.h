/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * What is asked of the kernel through io_uring, which no system call tells: files to be opened, and connections. It is told
 * as it is asked, before it is known what comes of it. Linux 6.3 and later; loaded where the kernel has the tracepoint.
 */
#pragma once

#define RING_CONNECT 16
#define RING_OPEN 18
#define RING_OPEN2 28
#define CALL_RING 425

struct io_cqe {
	int fd;
} RELOCATED;

struct io_kiocb {
	__u8 opcode;
	struct io_cqe cqe;
} RELOCATED;

struct filename {
	const char *name;
} RELOCATED;

struct open_how {
	__u64 flags;
} RELOCATED;

struct io_open {
	int dfd;
	struct filename *filename;
	struct open_how how;
} RELOCATED;

struct io_connect {
	void *addr;
	int addr_len;
} RELOCATED;

static __always_inline void on_ring_open(struct io_open *request)
{
	struct event *event = begin(KIND_RING);
	if (!event)
		return;
	event->call = CALL_RING;
	event->values[0] = BPF_CORE_READ(request, how.flags);
	__u32 at = append_base(event, 0, 0, BPF_CORE_READ(request, dfd));
	finish(event, append_text(event, 1, at, BPF_CORE_READ(request, filename, name)));
}

static __always_inline void on_ring_connect(struct watch *watch, struct io_kiocb *request)
{
	struct io_connect *connect = (void *)request;
	struct call call = { .task = bpf_get_current_task_btf(), .number = CALL_CONNECT };
	struct peer_head head;
	__u64 address = (__u64)BPF_CORE_READ(connect, addr);
	__u32 size = BPF_CORE_READ(connect, addr_len);
	struct sock *sock = socket_of(call.task, BPF_CORE_READ(request, cqe.fd));
	struct event *event = read_peer(&head, &call, sock, address, size) ? begin(KIND_CONNECT) : 0;
	if (!event)
		return;
	event->call = CALL_RING;
	__u32 at = append_peer(event, &head, sock, address, size);
	if (head.family == AF_UNIX)
		key_of_peer(actor_of(watch, call.task), event, at);
	else
		key_of_head(watch, &head, sock, &call, &event->key);
	if (!is_known(&event->key))
		finish(event, at);
}

SEC("?tp_btf/io_uring_submit_req")
int BPF_PROG(on_ring_request, struct io_kiocb *request)
{
	struct watch *watch = watch_of_current();
	if (!watch)
		return 0;
	__u8 opcode = BPF_CORE_READ(request, opcode);
	if (opcode == RING_OPEN || opcode == RING_OPEN2)
		on_ring_open((void *)request);
	else if (opcode == RING_CONNECT)
		on_ring_connect(watch, request);
	return 0;
}
