/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * Numbers and arguments of system calls, as each processor has them. All are told by their numbers on x86-64.
 */
#pragma once

#if defined(__TARGET_ARCH_arm64)

#define TIF_32BIT 22

/* Of a program of 32 bits, whose calls have other numbers. */
static __always_inline int is_foreign_call(struct task_struct *task)
{
	return (task->thread_info.flags & (1 << TIF_32BIT)) != 0;
}

/* As the processor numbers them. */
static __always_inline __u64 own_number(struct pt_regs *registers)
{
	return (__u32)registers->syscallno;
}

static const __u16 numbers_of_arm64[CALLS] = {
	[56] = 257, [437] = 437, [265] = 304, [38] = 264, [276] = 316, [37] = 265, [36] = 266, [34] = 258, [33] = 259, [54] = 260,
	[35] = 263, [53] = 268, [452] = 452, [45] = 76, [203] = 42, [206] = 44, [211] = 46, [269] = 307, [202] = 43, [242] = 288,
	[201] = 50, [200] = 49, [24] = 292, [220] = 56, [435] = 435, [40] = 165, [39] = 166, [41] = 155, [51] = 161, [279] = 319,
	[429] = 429, [428] = 428, [273] = 313, [430] = 430, [431] = 431, [432] = 432, [433] = 433, [442] = 442, [52] = 91,
	[55] = 93, [117] = 101, [270] = 310, [271] = 311, [438] = 438, [146] = 105, [144] = 106, [145] = 113, [143] = 114,
	[147] = 117, [149] = 119, [151] = 122, [91] = 126, [97] = 272, [268] = 308, [105] = 175, [106] = 176, [104] = 246,
	[294] = 320, [241] = 298, [280] = 321, [282] = 323, [425] = 425, [221] = 59, [281] = 322, [198] = 41,
};

/* Of programs of 32 bits: whoever wants not to be seen may choose to be one. */
static const __u16 numbers_of_arm32[CALLS] = {
	[5] = 2, [8] = 85, [322] = 257, [437] = 437, [371] = 304, [38] = 82, [9] = 86, [83] = 88, [329] = 264,
	[382] = 316, [330] = 265, [331] = 266, [92] = 76, [193] = 76, [39] = 83, [40] = 84, [10] = 87, [15] = 90, [182] = 92,
	[212] = 92, [16] = 94, [14] = 133, [323] = 258, [324] = 259, [325] = 260, [328] = 263, [333] = 268, [452] = 452,
	[283] = 42, [290] = 44, [296] = 46, [374] = 307, [366] = 288, [284] = 50, [282] = 49, [63] = 33, [358] = 292,
	[120] = 56, [435] = 435, [21] = 165, [52] = 166, [218] = 155, [61] = 161, [385] = 319, [429] = 429, [428] = 428,
	[379] = 313, [430] = 430, [432] = 432, [442] = 442, [94] = 91, [95] = 93, [207] = 93, [26] = 101, [376] = 310,
	[377] = 311, [438] = 438, [23] = 105, [213] = 105, [46] = 106, [214] = 106, [70] = 113, [203] = 113, [71] = 114,
	[204] = 114, [164] = 117, [208] = 117, [170] = 119, [210] = 119, [138] = 122, [215] = 122, [185] = 126,
	[337] = 272, [375] = 308, [128] = 175, [129] = 176, [347] = 246, [364] = 298, [386] = 321, [388] = 323,
	[425] = 425, [11] = 59, [387] = 322, [281] = 41, [431] = 431, [433] = 433, [198] = 94, [285] = 43, [401] = 320,
};

/* 0 for what is not looked at. */
static __always_inline __u32 call_number(struct task_struct *task, struct pt_regs *registers)
{
	__u32 number = registers->syscallno;
	if (number >= CALLS)
		return 0;
	return is_foreign_call(task) ? numbers_of_arm32[number & (CALLS - 1)] : numbers_of_arm64[number & (CALLS - 1)];
}

/* Whichever kind of program makes it. */
static __always_inline int may_matter(struct pt_regs *registers)
{
	__u32 number = registers->syscallno;
	return number < CALLS && (numbers_of_arm64[number & (CALLS - 1)] || numbers_of_arm32[number & (CALLS - 1)]);
}

/* What is above 32 bits of a register is nothing to a program of 32 bits. */
static __always_inline void read_arguments(__u64 *a, struct task_struct *task, struct pt_regs *registers)
{
	__u64 bits = is_foreign_call(task) ? 0xffffffff : ~0ull;
	a[0] = registers->orig_x0 & bits;
	a[1] = registers->regs[1] & bits;
	a[2] = registers->regs[2] & bits;
	a[3] = registers->regs[3] & bits;
	a[4] = registers->regs[4] & bits;
	a[5] = registers->regs[5] & bits;
}

#else

#define TS_COMPAT 0x0002

static __always_inline int is_foreign_call(struct task_struct *task)
{
	return task->thread_info.status & TS_COMPAT;
}

static __always_inline __u64 own_number(struct pt_regs *registers)
{
	return registers->orig_ax;
}

static __always_inline __u32 call_number(struct task_struct *task, struct pt_regs *registers)
{
	__u64 number = registers->orig_ax;
	if (number >= CALLS)
		return 0;
	if (is_foreign_call(task))
		return numbers_of_i386[number & (CALLS - 1)];
	return number == CALL_SOCKETS ? 0 : number;
}

/* Whichever way it was made: asked before anything else. */
static __always_inline int may_matter(struct pt_regs *registers)
{
	__u64 number = registers->orig_ax;
	return number < CALLS && (operations[number & (CALLS - 1)] || numbers_of_i386[number & (CALLS - 1)]);
}

/* i386 passes arguments in other registers; whoever wants not to be seen may choose it. */
static __always_inline void read_arguments(__u64 *a, struct task_struct *task, struct pt_regs *registers)
{
	if (is_foreign_call(task)) {
		a[0] = (__u32)registers->bx;
		a[1] = (__u32)registers->cx;
		a[2] = (__u32)registers->dx;
		a[3] = (__u32)registers->si;
		a[4] = (__u32)registers->di;
		a[5] = (__u32)registers->bp;
		return;
	}
	a[0] = registers->di;
	a[1] = registers->si;
	a[2] = registers->dx;
	a[3] = registers->r10;
	a[4] = registers->r8;
	a[5] = registers->r9;
}

#endif
