/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#pragma once

/* What is watched: cgroups of containers, and those below them. */
struct watch {
	__u64 container; /* cgroup of the container itself */
};

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

/* Events that found no room, by kind. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, KINDS);
	__type(key, __u32);
	__type(value, __u64);
} lost SEC(".maps");

/* Who did it (container, executable), and to what (file and how). */
struct known_key {
	__u64 actor;
	__u64 object;
};

/* Behaviours that user space has taken note of: they are counted here and cross no more. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
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

/* One number: whether new cgroups that are named like containers are watched from their first moment. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} settings SEC(".maps");
