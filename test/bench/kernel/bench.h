/*
 * What the benchmarks of calls on a message queue share.  Each prints lines
 * "NAME NUMBER"; the unit is that of the time stamp counter, which counts
 * instructions in a guest that runs with --icount, so that numbers are exact.
 */
#ifndef BENCH_H
#define BENCH_H

#include <fcntl.h>
#include <mqueue.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "mqueue_peek.h"

#define MESSAGE_SIZE	64
#define MAX_MESSAGES	65536
#define PRIORITIES	32768

static inline void check(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

static inline uint64_t ticks(void)
{
	return __builtin_ia32_rdtsc();
}

static inline void lift_queue_limit(void)
{
	struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };

	setrlimit(RLIMIT_MSGQUEUE, &limit);
}

static inline mqd_t new_queue(long messages)
{
	struct mq_attr attr = { .mq_maxmsg = messages, .mq_msgsize = MESSAGE_SIZE };
	mqd_t queue = mq_open("/bench", O_RDWR | O_CREAT | O_EXCL, 0600, &attr);

	check(queue >= 0, "mq_open");
	mq_unlink("/bench");
	return queue;
}

static inline void fill(mqd_t queue, unsigned int messages, unsigned int priorities)
{
	static const char text[MESSAGE_SIZE];

	for (unsigned int i = 0; i < messages; i++)
		check(mq_send(queue, text, MESSAGE_SIZE, i % priorities) == 0, "mq_send");
}

/* The cost of one of many calls; one is made before, so that all are warm. */
#define COST(rounds, call) ({				\
	uint64_t start;					\
							\
	check((call) >= 0, #call);			\
	start = ticks();				\
	for (int round = 0; round < (rounds); round++)	\
		check((call) >= 0, #call);		\
	(double)(ticks() - start) / (rounds);		\
})

static inline void report(const char *name, double value)
{
	printf("%s %.1f\n", name, value);
	fflush(stdout);
}

static inline int take_snapshot(mqd_t queue)
{
	static struct mq_snapshot_entry entries[MQ_SNAPSHOT_MAX];
	struct mq_snapshot snapshot = {
		.below = PRIORITIES,
		.entries = (uintptr_t)entries,
		.nr_entries = MQ_SNAPSHOT_MAX,
	};

	return ioctl(queue, MQ_IOC_SNAPSHOT, &snapshot);
}

static inline long by_syscall(mqd_t queue, unsigned long index)
{
	char text[MESSAGE_SIZE];
	unsigned int priority;
	struct mq_timedreceive2_args args = {
		.msg_len = MESSAGE_SIZE, .msg_prio = &priority, .msg_ptr = text,
	};

	return syscall(__NR_mq_timedreceive2, queue, &args, MQ_PEEK, index, NULL);
}

static inline long by_fcntl(mqd_t queue, unsigned long index)
{
	char text[MESSAGE_SIZE];
	struct mq_peek_attr attr = {
		.offset = index, .buf_len = MESSAGE_SIZE, .buf = text,
	};

	return fcntl(queue, F_MQ_PEEK, &attr);
}

#endif
