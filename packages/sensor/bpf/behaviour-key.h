/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * The key of a behaviour, the same that user space computes (`behaviourKey`): SipHash-2-4 of, for each field, its length
 * as a word and its bytes, filled up with zeros to whole words. Fields: dimension, parent, actor, access, object, image, applet.
 * Plain C without calls into the kernel, so that a test compiles it for any machine.
 */
#pragma once

/* "breakwater key 1": raised where what makes a behaviour changes. */
#define BEHAVIOUR_KEY_LOW 0x7461776b61657262ull
#define BEHAVIOUR_KEY_HIGH 0x312079656b207265ull

struct hash {
	__u64 v0, v1, v2, v3;
	__u64 words;
};

#define ROTATE(word, bits) ((word) << (bits) | (word) >> (64 - (bits)))

static inline __attribute__((always_inline)) void hash_turn(struct hash *hash)
{
	hash->v0 += hash->v1;
	hash->v1 = ROTATE(hash->v1, 13) ^ hash->v0;
	hash->v0 = ROTATE(hash->v0, 32);
	hash->v2 += hash->v3;
	hash->v3 = ROTATE(hash->v3, 16) ^ hash->v2;
	hash->v0 += hash->v3;
	hash->v3 = ROTATE(hash->v3, 21) ^ hash->v0;
	hash->v2 += hash->v1;
	hash->v1 = ROTATE(hash->v1, 17) ^ hash->v2;
	hash->v2 = ROTATE(hash->v2, 32);
}

static inline __attribute__((always_inline)) void hash_begin(struct hash *hash, __u64 low, __u64 high)
{
	hash->v0 = low ^ 0x736f6d6570736575ull;
	hash->v1 = high ^ 0x646f72616e646f6dull;
	hash->v2 = low ^ 0x6c7967656e657261ull;
	hash->v3 = high ^ 0x7465646279746573ull;
	hash->words = 0;
}

/* A field's length is one; then come its bytes, eight at a time, the first the lowest. */
static inline __attribute__((always_inline)) void hash_word(struct hash *hash, __u64 word)
{
	hash->v3 ^= word;
	hash_turn(hash);
	hash_turn(hash);
	hash->v0 ^= word;
	hash->words++;
}

static inline __attribute__((always_inline)) __u64 hash_end(struct hash *hash)
{
	__u64 words = hash->words;
	hash_word(hash, (words * 8) << 56);
	hash->v2 ^= 0xff;
	hash_turn(hash);
	hash_turn(hash);
	hash_turn(hash);
	hash_turn(hash);
	return hash->v0 ^ hash->v1 ^ hash->v2 ^ hash->v3;
}

/* The word of a text at a byte, of which `left` are still its own. */
static inline __attribute__((always_inline)) __u64 hash_part(__u64 word, __u32 left)
{
	return left >= 8 ? word : left == 0 ? 0 : word & (~0ull >> (64 - 8 * left));
}
