/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What the kernel series adds to the system calls, for programs built where the
 * system's headers do not have it yet. Goes with them in any order, whether
 * they have it or not: the guard is that of the kernel's own
 * <linux/mqueue_peek.h>, and what other headers define is left to them.
 *
 * kernel/check-uapi compares this file with the series.
 */
#ifndef _LINUX_MQUEUE_PEEK_H
#define _LINUX_MQUEUE_PEEK_H

#include <asm/unistd.h>
#include <linux/ioctl.h>
#include <linux/posix_types.h>
#include <linux/types.h>

/* ssize_t mq_timedreceive2(mqd_t, struct mq_timedreceive2_args *,
 *			    unsigned int flags, unsigned long index,
 *			    const struct __kernel_timespec *abs_timeout);
 */
#define MQ_PEEK		2U

struct mq_timedreceive2_args {
	__kernel_size_t		msg_len;	/* room in msg_ptr */
	unsigned int		*msg_prio;	/* out: priority, unless NULL */
	char			*msg_ptr;	/* out: text of the message */
};

/* int fcntl(int, F_MQ_PEEK, struct mq_peek_attr *) */
struct mq_peek_attr {
	__s32			offset;		/* messages before it */
	__u32			msg_prio;	/* out: its priority */
	__kernel_size_t		buf_len;	/* room in buf */
	char			*buf;		/* out: what fits of its text */
};

/* int ioctl(int, MQ_IOC_SNAPSHOT, struct mq_snapshot *) */
struct mq_snapshot_entry {
	__u32	priority;
	__u32	messages;	/* queued at this priority, never 0 */
	__u64	bytes;		/* text of these messages */
	__u64	head_age_ns;	/* since the first of them was queued */
};

struct mq_snapshot {
	__u32		flags;			/* in: 0 */
	__u32		below;			/* in: MQ_PRIO_MAX, or go on below this priority */
	__aligned_u64	entries;		/* in: struct mq_snapshot_entry *, highest first */
	__u32		nr_entries;		/* in: room in entries; out: filled */
	__u32		nr_priorities;		/* out: in use in the whole queue */
	__u64		messages;		/* out: queued */
	__u64		bytes;			/* out: text of these messages */
	__u64		sent;			/* out: messages accepted so far */
	__u64		received;		/* out: messages handed out so far */
	__u32		waiting_senders;	/* out */
	__u32		waiting_receivers;	/* out */
	__u64		reserved[4];		/* in: 0; out: 0 */
};

/* One call fills no more entries than this, whatever the room. */
#define MQ_SNAPSHOT_MAX		1024

#define MQ_IOC_SNAPSHOT		_IOWR(0xBD, 0x00, struct mq_snapshot)

#endif /* _LINUX_MQUEUE_PEEK_H */

/*
 * Numbers that live in headers older than <linux/mqueue_peek.h>. Outside of its
 * guard, because a system may have that one and not yet these.
 */
#ifndef F_LINUX_SPECIFIC_BASE
#define F_LINUX_SPECIFIC_BASE	1024
#endif
#ifndef F_MQ_PEEK
#define F_MQ_PEEK		(F_LINUX_SPECIFIC_BASE + 17)
#endif

#ifndef __NR_mq_timedreceive2
#if defined(__alpha__)
#define __NR_mq_timedreceive2	658
#elif defined(__mips__)
#define __NR_mq_timedreceive2	(__NR_Linux + 548)
#elif !(defined(__x86_64__) && defined(__ILP32__))	/* x32 has no such call */
#define __NR_mq_timedreceive2	548
#endif
#endif
