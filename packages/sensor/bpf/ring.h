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

static __always_inline void on_ring_connect(struct io_kiocb *request)
{
	struct io_connect *connect = (void *)request;
	struct event *event = begin(KIND_CONNECT);
	if (!event)
		return;
	event->call = CALL_RING;
	__u32 at = append_address(event, BPF_CORE_READ(connect, addr), BPF_CORE_READ(connect, addr_len));
	struct sock *sock = socket_of(BPF_CORE_READ(request, cqe.fd));
	if (sock)
		event->values[1] = BPF_CORE_READ(sock, sk_protocol);
	finish(event, at);
}

SEC("?tp_btf/io_uring_submit_req")
int BPF_PROG(on_ring_request, struct io_kiocb *request)
{
	if (!watch_of_current())
		return 0;
	__u8 opcode = BPF_CORE_READ(request, opcode);
	if (opcode == RING_OPEN || opcode == RING_OPEN2)
		on_ring_open((void *)request);
	else if (opcode == RING_CONNECT)
		on_ring_connect(request);
	return 0;
}
