/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * What guards let pass, because a profile holds it. A permit is a digest of the guard, the acting program and, where there
 * is one, the file: 64 bits of SipHash-2-4 under a secret of this run, over words of 8 bytes. Names in a container are
 * chosen by whoever is in it: without a secret one could be made to fit. `src/guards/permit.ts` makes the same.
 */
#pragma once

struct permit_key {
	__u64 container;
	__u64 digest;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 262144);
	__type(key, struct permit_key);
	__type(value, __u8);
} permits SEC(".maps");

struct permit_secret {
	__u64 words[2];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct permit_secret);
} permit_secrets SEC(".maps");

/* Ends a path, also one that is not there: no name has so many bytes. */
#define PATH_END 0xffffffffffffffffull

APART int take_word(struct hash *d, __u64 word)
{
	if (!d)
		return 0;
	hash_word(d, word);
	return 0;
}

APART __u64 end_digest(struct hash *d)
{
	return d ? hash_end(d) : 0;
}

static __always_inline int start_digest(struct hash *d, __u64 guard)
{
	__u32 zero = 0;
	struct permit_secret *secret = bpf_map_lookup_elem(&permit_secrets, &zero);
	if (!secret)
		return 0;
	hash_begin(d, secret->words[0], secret->words[1]);
	take_word(d, guard);
	return 1;
}

/* Bytes in words of 8, the last filled with zeros; their number comes first, so that no two texts are the same words. */
APART int take_bytes(struct hash *d, __u64 address, __u32 length)
{
	__u64 word = 0;
	__u32 at = 0;
	if (!d)
		return 0;
	take_word(d, length);
	for (int i = 0; i < NAME_SIZE / 8 && at + 8 <= length; i++, at += 8) {
		bpf_probe_read_kernel(&word, 8, (void *)address + at);
		take_word(d, word);
	}
	if (!(length & 7))
		return 0;
	word = 0;
	bpf_probe_read_kernel(&word, length & 7, (void *)address + at);
	return take_word(d, word);
}

struct digest_walk {
	struct walk walk;
	__u64 guard;
	struct hash digest;
};

/* The kubelet puts what it mounts into folders named by the time, `..2026_11_22_10_00_00.1`: a profile knows no such. */
static __always_inline int is_dated(const unsigned char *name)
{
	char start[2] = {};
	bpf_probe_read_kernel(start, sizeof(start), name);
	return start[0] == '.' && start[1] == '.';
}

static long digest_step(__u32 turn, struct digest_walk *walk)
{
	struct dentry *entry;
	enum step step = step_up(&walk->walk, &entry);
	if (step != NAMED)
		return step == ENDED;
	const unsigned char *name = BPF_CORE_READ(entry, d_name.name);
	if (walk->guard != CREDENTIALS || !is_dated(name))
		take_bytes(&walk->digest, (__u64)name, BPF_CORE_READ(entry, d_name.len) & (NAME_SIZE - 1));
	return 0;
}

/* A path as its process sees it, by the address of its `struct path`; of none there is only the end. */
APART int take_path(struct hash *d, __u64 address, __u64 guard)
{
	if (!d)
		return 0;
	if (address) {
		struct digest_walk walk = { .guard = guard, .digest = *d };
		start_walk(&walk.walk, address);
		bpf_loop(2 * DEEPEST, digest_step, &walk, 0);
		*d = walk.digest;
	}
	return take_word(d, PATH_END);
}

static __always_inline int holds_permit(__u64 container, struct hash *d)
{
	struct permit_key key = { .container = container, .digest = end_digest(d) };
	return bpf_map_lookup_elem(&permits, &key) != 0;
}

static __always_inline __u64 address_of_path(struct file *file)
{
	return file ? path_of(file) : 0;
}

/* Whether a container may: this program, with this file. Addresses of their paths; either may be none. */
APART int is_permitted(__u64 container, __u32 guard, __u64 actor, __u64 object)
{
	struct hash d;
	if (!start_digest(&d, guard))
		return 0;
	take_path(&d, actor, guard);
	take_path(&d, object, guard);
	return holds_permit(container, &d);
}

/* The same of what is named by a text in the kernel's memory: a socket as it was written. */
APART int is_text_permitted(__u64 container, __u32 guard, __u64 actor, __u64 text, __u32 length)
{
	struct hash d;
	if (!start_digest(&d, guard))
		return 0;
	take_path(&d, actor, guard);
	take_bytes(&d, text, length & (NAME_SIZE - 1));
	return holds_permit(container, &d);
}
