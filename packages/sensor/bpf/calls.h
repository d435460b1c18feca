/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * Which system calls are looked at when they return, by their number on x86-64 and, as an attacker may choose it, i386.
 */
#pragma once

enum operation {
	NOT_SEEN = 0,
	OPEN,
	PATHS_OLD,   /* (path, path): rename, link */
	PATHS_AT,    /* (folder, path, folder, path) */
	PATH_OLD,    /* (path, ...) */
	PATH_AT,     /* (folder, path, ...) */
	LINK_AT,     /* symlinkat(target, folder, path) */
	CONNECT,
	SEND_TO,
	SEND_MESSAGE,
	SEND_MESSAGES,
	ACCEPT,
	LISTEN,
	BIND,        /* whoever takes datagrams listens so */
	DUPLICATE,   /* onto standard input, output or error */
	CLONE,       /* only with new namespaces */
	TEXT_CALL,   /* first argument is a text */
	TEXTS_CALL,  /* first and second are, mount's third too */
	AT_CALL,     /* (descriptor, text) */
	CALL,        /* numbers tell everything */
	SOCKETS,     /* one of the calls of sockets: which one, and where its arguments are */
};

#define CALL_CONNECT 42
#define CALL_SOCKETS 511 /* i386 alone has it, so that it has no number of x86-64 */

/* A system call that has returned, and who made it: the running task. */
struct call {
	struct task_struct *task;
	__u64 arguments[6];
	__s64 result;
	__u32 number;
};

static const __u8 operations[CALLS] = {
	[2] = OPEN, [85] = OPEN, [257] = OPEN, [437] = OPEN, [304] = OPEN,
	[82] = PATHS_OLD, [86] = PATHS_OLD, [88] = PATHS_OLD,
	[264] = PATHS_AT, [316] = PATHS_AT, [265] = PATHS_AT, [266] = LINK_AT,
	[76] = PATH_OLD, [83] = PATH_OLD, [84] = PATH_OLD, [87] = PATH_OLD, [90] = PATH_OLD, [92] = PATH_OLD,
	[94] = PATH_OLD, [133] = PATH_OLD,
	[258] = PATH_AT, [259] = PATH_AT, [260] = PATH_AT, [263] = PATH_AT, [268] = PATH_AT, [452] = PATH_AT,
	[42] = CONNECT, [44] = SEND_TO, [46] = SEND_MESSAGE, [307] = SEND_MESSAGES, [43] = ACCEPT, [288] = ACCEPT, [50] = LISTEN, [49] = BIND,
	[33] = DUPLICATE, [292] = DUPLICATE, [56] = CLONE, [435] = CLONE,
	[165] = TEXTS_CALL, [166] = TEXT_CALL, [155] = TEXTS_CALL, [161] = TEXT_CALL, [319] = TEXT_CALL,
	[429] = AT_CALL, [428] = AT_CALL, [313] = AT_CALL,
	[430] = TEXT_CALL, [432] = CALL, [442] = AT_CALL,
	[91] = CALL, [93] = CALL,
	[101] = CALL, [310] = CALL, [311] = CALL, [438] = CALL,
	[105] = CALL, [106] = CALL, [113] = CALL, [114] = CALL, [117] = CALL, [119] = CALL, [122] = CALL, [126] = CALL,
	[272] = CALL, [308] = CALL,
	[175] = CALL, [176] = TEXT_CALL, [246] = CALL, [320] = CALL,
	[298] = CALL, [321] = CALL, [323] = CALL, [425] = CALL, [172] = CALL, [173] = CALL,
	[CALL_SOCKETS] = SOCKETS,
};

/* Of what `socketcall` makes, as its first argument says (linux/net.h): the call of x86-64, and how many arguments it has. */
static const struct {
	__u16 number;
	__u8 arguments;
} socket_calls[32] = {
	[2] = { 49, 3 }, [3] = { 42, 3 }, [4] = { 50, 2 }, [5] = { 43, 3 }, [11] = { 44, 6 }, [16] = { 46, 3 },
	[18] = { 288, 4 }, [20] = { 307, 4 },
};

/* Numbers of i386, told to user space as those of x86-64: one list of names is enough. */
static const __u16 numbers_of_i386[CALLS] = {
	[5] = 2, [8] = 85, [295] = 257, [437] = 437, [342] = 304,
	[38] = 82, [9] = 86, [83] = 88, [302] = 264, [353] = 316, [303] = 265, [304] = 266,
	[92] = 76, [193] = 76, [39] = 83, [40] = 84, [10] = 87, [15] = 90, [182] = 92, [212] = 92, [16] = 94, [198] = 94, [14] = 133,
	[296] = 258, [297] = 259, [298] = 260, [301] = 263, [306] = 268, [452] = 452,
	[102] = CALL_SOCKETS, [362] = 42, [369] = 44, [370] = 46, [345] = 307, [364] = 288, [363] = 50, [361] = 49,
	[63] = 33, [330] = 292, [120] = 56, [435] = 435,
	[21] = 165, [52] = 166, [217] = 155, [61] = 161, [356] = 319,
	[429] = 429, [428] = 428, [350] = 313, [430] = 430, [432] = 432, [442] = 442,
	[94] = 91, [95] = 93, [207] = 93,
	[26] = 101, [347] = 310, [348] = 311, [438] = 438,
	[23] = 105, [213] = 105, [46] = 106, [214] = 106, [70] = 113, [203] = 113, [71] = 114, [204] = 114,
	[164] = 117, [208] = 117, [170] = 119, [210] = 119, [138] = 122, [215] = 122, [185] = 126,
	[310] = 272, [346] = 308, [128] = 175, [129] = 176, [283] = 246,
	[336] = 298, [357] = 321, [374] = 323, [425] = 425,
	/* Told only where they are refused, or guarded. */
	[11] = 59, [358] = 322, [359] = 41, [431] = 431, [433] = 433,
};
