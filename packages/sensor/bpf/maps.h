/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#pragma once

/* What a container may be kept from. */
enum guard {
	FOREIGN_PROGRAMS = 1,	 /* that are not in its image */
	UNKNOWN_CONNECTIONS = 2, /* to where `peers` does not allow */
	UNKNOWN_PROGRAMS = 4,	 /* that nothing permits its parent to start */
	SOCKET_FILES = 8,	 /* sockets that are files, a container runtime's among them */
	CREDENTIALS = 16,	 /* files that hold secrets */
	GAINS = 32,		 /* of users, groups and capabilities, by a program's bits or by a call */
	NAMESPACES = 64,	 /* new ones, and entering those of others */
	MOUNTS = 128,
	TRACING = 256,		 /* reading and writing other processes' memory */
	KERNEL = 512,		 /* modules, other kernels, eBPF, performance events, ports */
};

/* What was done about an event. */
enum prevention {
	LET = 0,
	AUDITED,
	STOPPED,
	KILLED, /* after its effect */
};

/* What is watched: cgroups of containers, and those below them. */
struct watch {
	__u64 container; /* cgroup of the container itself */
	__u32 runtime;	 /* mount namespace of who made it: what runs there is not yet the container's */
	__u16 blocks;	 /* bits of `enum guard`: stopped */
	__u16 audits;	 /* told, and not stopped */
};

/* What a container's first program saw as its own: whatever others of it make their root, or their namespace of users, later. */
struct origin {
	__u64 root;  /* file system */
	__u64 users; /* namespace of users */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct origin);
} origins SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct watch);
} watched SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} events SEC(".maps");

/*
 * Whether a cgroup whose id ends so is watched at all: an array costs a tenth of a look into `watched`. One that is holds
 * the mark as its own, with what `watched` says of it and a bit for each call that it was told to make.
 */
#define MARKS 4096

struct mark {
	__u64 count;  /* of cgroups that were watched; never fewer */
	__u64 cgroup; /* whose mark it is; 0 for nobody's */
	struct watch watch; /* as `watched` has it, where user space has written it; of no container else */
	__u64 calls[CALLS / 64];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MARKS);
	__type(key, __u32);
	__type(value, struct mark);
} marks SEC(".maps");

/* Events that found no room, by container and kind; where even that finds none, by kind. */
struct loss_key {
	__u64 container;
	__u64 kind;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct loss_key);
	__type(value, __u64);
} losses SEC(".maps");

#define SUM_KEYS 10

struct sum_keys {
	__u64 words[SUM_KEYS];
};

/* Secrets of the sums by which what happens is known (known.h), chosen by chance at each start. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sum_keys);
} sum_keys SEC(".maps");

/*
 * Behaviours that user space has taken note of: they are counted and cross no more. Each has a slot by its key, or, where that
 * is another's, is in `known`: a look there costs as much as all else that is asked of an opened file.
 */
#define SLOTS 8192

struct slot {
	struct known_key key; /* zeros where it is nobody's */
	__u64 count;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SLOTS);
	__type(key, __u32);
	__type(value, struct slot);
} slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct known_key);
	__type(value, __u64);
} known SEC(".maps");

/* An event is made here and copied: its length is not known before. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event);
} rooms SEC(".maps");

/* Packets come while other programs run: what they make has a room of its own. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event);
} packet_rooms SEC(".maps");

/* Hooks of BPF-LSM may be held up, and others of them run meanwhile. */
struct capability_room {
	__u64 is_taken;
	struct event event;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct capability_room);
} capability_rooms SEC(".maps");

/* Paths are written from their end. */
struct path_room {
	char bytes[2 * TEXT_SIZE];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct path_room);
} path_rooms SEC(".maps");

/* What holds of containers that nobody named. */
struct defaults {
	__u32 watches; /* whether new cgroups that are named like containers are watched from their first moment */
	__u16 blocks;
	__u16 audits;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct defaults);
} settings SEC(".maps");

/* Where a container may connect to: an address within the prefix, at this port or, with port 0, at any. IPv4 as in IPv6. */
struct peer_key {
	__u32 prefix; /* bits that count, of what follows */
	__u32 port;
	__u64 container;
	__u8 address[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct peer_key);
	__type(value, __u8);
} peers SEC(".maps");

/* What was decided about the call that a thread is making, until it returns: guards above a byte of `enum prevention`. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, __u32);
	__type(value, __u32);
} decided SEC(".maps");
