/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * What crosses the ring buffer. `src/kernel/record.ts` reads the same layout: change both.
 */
#pragma once

#define CALLS 512 /* numbers of system calls that are looked at */
#define EPERM 1

enum kind {
	KIND_EXEC = 1,
	KIND_EXIT,
	KIND_OPEN,
	KIND_PATHS,
	KIND_CONNECT,
	KIND_ACCEPT,
	KIND_LISTEN,
	KIND_CALL,
	KIND_DNS,
	KIND_CGROUP,
	KIND_CGROUP_GONE,
	KIND_REFUSAL,
	KIND_RING,
	KIND_CAPABILITY,
	KIND_CALL_USED,
	KINDS,
};

/* Of the executable of the acting process, or of the file. */
enum file_flag {
	FILE_CHANGED = 1, /* lies in the upper layer of an overlay: not as the image has it */
	FILE_OVERLAY = 2,
	FILE_UNLINKED = 4,
	FILE_MEMORY = 8, /* memfd, shared memory */
	FILE_UNLAYERED = 16, /* the container's own files lie on no overlay: nobody can say what is the image's */
	FILE_LOCAL = 32, /* reading it asks nobody but this kernel */
};

/* Who did it (container, program), and what (file and how, peer, program with its arguments). */
struct known_key {
	__u64 actor;
	__u64 object;
};

#define TEXTS 3
#define TEXT_SIZE 4096
#define ROOM (TEXTS * TEXT_SIZE)

struct event {
	__u64 time;	    /* since boot, nanoseconds */
	__u64 cgroup;	    /* id in the unified hierarchy: inode of its folder */
	__u64 start;	    /* of the process, since boot */
	__u64 parent_start;
	__u64 capabilities; /* effective */
	__u32 pid;	    /* of the process, as the host counts */
	__u32 thread;
	__u32 parent;
	__u32 uid;
	__u32 gid;
	__u32 effective_uid;
	__u32 kind;
	__u32 call; /* number of the system call */
	__s64 result;
	__u64 values[6];
	__u64 inode; /* of the executable */
	__u32 device;
	__u32 file_flags;
	char comm[16];
	__u64 program; /* what the process runs, by the start that told it; 0 where that was not seen */
	__u64 parent_program;
	struct known_key key; /* by which user space says that it has taken note */
	__u16 lengths[TEXTS];
	__u16 clipped; /* bit n: text n was longer */
	char texts[ROOM + TEXT_SIZE]; /* one after the other; only what was written crosses */
};
