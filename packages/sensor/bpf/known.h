/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * What user space has taken note of, under secrets of this run: nobody can choose arguments, addresses or names so that they
 * are taken for others. Texts are known by SipHash; what each opened file and each connection is asked by has few words, which
 * cost less as a sum.
 */
#pragma once

#define MIX 0x9e3779b97f4a7c15ull
/* Numbers above this are not whole in user space. */
#define ID_BITS 53
#define OF_PROGRAM 0x10000
#define OF_PEER 0x10001
/* In a byte that is zero in the first word of all others. */
#define OF_ADDRESS (1ull << 56)
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10

static __always_inline __u64 mix(__u64 hash, __u64 value)
{
	hash = (hash ^ value) * MIX;
	return hash ^ hash >> 32;
}

/*
 * Halves of words, each times a secret of its own: two that differ in any have the same sum under one of 2^33 secrets
 * (multilinear hashing: Carter and Wegman, Universal classes of hash functions, 1979).
 */
static __always_inline __u64 term(const struct sum_keys *keys, __u32 at, __u64 word)
{
	return (__u32)word * keys->words[at] + (word >> 32) * keys->words[at + 1];
}

/* Low bits of a sum hold nothing of the high bits of its words. */
static __always_inline __u64 fold(__u64 sum)
{
	return sum ^ sum >> 32;
}

static __always_inline const struct sum_keys *find_sum_keys(void)
{
	__u32 zero = 0;
	return bpf_map_lookup_elem(&sum_keys, &zero);
}

/*
 * Who acts: a program's file in a container, by the name that it was started by, as one file may be many programs. Apart, like
 * `object_of`: all that is open at a time has 512 bytes of stack.
 */
static __noinline __u64 actor_of(struct watch *watch, struct task_struct *task)
{
	const struct sum_keys *keys = find_sum_keys();
	struct inode *executable = task->mm->exe_file->f_inode;
	const __u64 *name = (void *)task->group_leader->comm;
	if (!keys)
		return 0;
	return fold(term(keys, 0, watch->container) + term(keys, 2, executable->i_ino) +
		    term(keys, 4, executable->i_sb->s_dev | (__u64)executable->i_generation << 32) + term(keys, 6, name[0]) + term(keys, 8, name[1]));
}

static __always_inline int is_known(const struct known_key *key)
{
	__u32 number = (key->actor ^ key->object) & (SLOTS - 1);
	/* As a slot that is nobody's. */
	if (!key->object)
		return 0;
	struct slot *slot = bpf_map_lookup_elem(&slots, &number);
	if (slot && slot->key.actor == key->actor && slot->key.object == key->object) {
		slot->count += 1;
		return 1;
	}
	__u64 *count = bpf_map_lookup_elem(&known, key);
	if (!count)
		return 0;
	*count += 1;
	return 1;
}

struct text_hash {
	struct hash hash;
	__u32 at;
	__u32 left;
};

static long hash_next(__u32 turn, struct text_hash *text)
{
	__u32 zero = 0, at = text->at;
	struct event *event = bpf_map_lookup_elem(&rooms, &zero);
	if (!event || !text->left || at > ROOM)
		return 1;
	__u64 word = *(__u64 *)(event->texts + at);
	take_word(&text->hash, hash_part(word, text->left));
	text->at = at + 8;
	text->left = text->left > 8 ? text->left - 8 : 0;
	return 0;
}

/* A text of the event that is being made. */
APART int hash_text(struct hash *hash, __u32 at, __u32 length)
{
	if (!hash)
		return 0;
	struct text_hash text = { .hash = *hash, .at = at, .left = length };
	take_word(&text.hash, length);
	bpf_loop(TEXT_SIZE / 8, hash_next, &text, 0);
	*hash = text.hash;
	return 0;
}

static __always_inline void hash_begin_secret(struct hash *hash)
{
	__u32 zero = 0;
	struct permit_secret *secret = bpf_map_lookup_elem(&permit_secrets, &zero);
	hash_begin(hash, secret ? secret->words[0] : 0, secret ? secret->words[1] : 0);
}

/* A file, as it was opened. */
static __noinline __u64 object_of(struct inode *inode, __u64 mode)
{
	const struct sum_keys *keys = find_sum_keys();
	if (!keys)
		return 0;
	return fold(term(keys, 0, mode) + term(keys, 2, FIELD(inode, i_ino)) +
		    term(keys, 4, FIELD(inode, i_sb, s_dev) | (__u64)FIELD(inode, i_generation) << 32));
}

struct peer_head {
	__u16 family;
	__u16 port;
	__u32 words[7]; /* one more than any address has: it is read whole */
};

/* Each connection asks for it: as few words as hold it all, of which the first is no file's. */
static __always_inline void key_of_address(__u64 actor, const struct peer_head *head, __u32 protocol, __s32 failure,
					   struct known_key *key)
{
	const struct sum_keys *keys = find_sum_keys();
	__u64 failed = (__u64)(__u32)failure << 32;
	if (!keys)
		return;
	__u64 sum = term(keys, 0, OF_ADDRESS | head->family | (__u64)head->port << 16 | (__u64)protocol << 32);
	/* In IPv6 the first word is a label of packets, and the address begins with the second. */
	if (head->family == AF_INET)
		sum += term(keys, 2, failed | head->words[0]);
	else
		sum += term(keys, 2, failed) + term(keys, 4, head->words[1] | (__u64)head->words[2] << 32) +
		       term(keys, 6, head->words[3] | (__u64)head->words[4] << 32);
	key->actor = actor;
	key->object = fold(sum);
}

/* Of an event with its texts: the peer of a connection, or the port of a listener and whoever calls it from nearby. */
APART int key_of_peer(__u64 actor, struct event *event, __u32 length)
{
	struct hash hash;
	if (!event)
		return 0;
	hash_begin_secret(&hash);
	take_word(&hash, OF_PEER);
	take_word(&hash, event->kind);
	take_word(&hash, event->values[0] | event->values[1] << 16 | event->values[2] << 32);
	take_word(&hash, event->kind == KIND_ACCEPT ? event->values[3] : 0);
	take_word(&hash, event->result < 0 ? event->result : 0);
	hash_text(&hash, 0, length);
	event->key.actor = actor;
	event->key.object = end_digest(&hash);
	return 0;
}

/* A program with its arguments, which are the text at the room's start, and with the rights that it has. */
APART int key_of_program(struct event *event, __u32 generation, __u32 length)
{
	struct hash hash;
	if (!event)
		return 0;
	hash_begin_secret(&hash);
	take_word(&hash, OF_PROGRAM);
	take_word(&hash, event->cgroup);
	take_word(&hash, event->inode);
	take_word(&hash, event->device | (__u64)event->file_flags << 32);
	take_word(&hash, generation);
	take_word(&hash, event->uid | (__u64)event->effective_uid << 32);
	take_word(&hash, event->capabilities);
	hash_text(&hash, 0, length);
	event->key.actor = mix(event->cgroup, event->parent_program);
	event->key.object = end_digest(&hash) >> (64 - ID_BITS);
	return 0;
}
