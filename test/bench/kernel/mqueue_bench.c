/*
 * What calls on a message queue cost, as lines "NAME NUMBER".
 *
 *	mqueue_bench calls	sends and receives, on any kernel
 *	mqueue_bench looks	what the series adds
 *	mqueue_bench latency	p99 of mq_send while others look
 *
 * The unit of the first two is that of the time stamp counter.  In a guest that
 * runs with --icount, where it counts instructions, the numbers are exact.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "mqueue_peek.h"

#define ROUNDS		2000
#define MESSAGE_SIZE	64
#define MAX_MESSAGES	65536

static char text[MESSAGE_SIZE];

static void check(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

static uint64_t ticks(void)
{
	return __builtin_ia32_rdtsc();
}

static mqd_t new_queue(long messages)
{
	struct mq_attr attr = { .mq_maxmsg = messages, .mq_msgsize = MESSAGE_SIZE };
	mqd_t queue = mq_open("/bench", O_RDWR | O_CREAT | O_EXCL, 0600, &attr);

	check(queue >= 0, "mq_open");
	mq_unlink("/bench");
	return queue;
}

static void fill(mqd_t queue, unsigned int messages, unsigned int priorities)
{
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

static void report(const char *name, double value)
{
	printf("%s %.1f\n", name, value);
	fflush(stdout);
}

/* --- calls: what every program does --- */

static int send_and_receive(mqd_t queue, int batch)
{
	for (int i = 0; i < batch; i++)
		check(mq_send(queue, text, MESSAGE_SIZE, i % 4) == 0, "mq_send");
	for (int i = 0; i < batch; i++)
		check(mq_receive(queue, text, MESSAGE_SIZE, NULL) >= 0, "mq_receive");
	return 0;
}

struct pair {
	mqd_t there, back;
	int rounds;
};

static void *echo(void *argument)
{
	struct pair *pair = argument;

	for (int i = 0; i < pair->rounds; i++) {
		check(mq_receive(pair->there, text, MESSAGE_SIZE, NULL) >= 0, "mq_receive");
		check(mq_send(pair->back, text, MESSAGE_SIZE, 0) == 0, "mq_send");
	}
	return NULL;
}

static int ask(struct pair *pair)
{
	check(mq_send(pair->there, text, MESSAGE_SIZE, 0) == 0, "mq_send");
	return mq_receive(pair->back, text, MESSAGE_SIZE, NULL);
}

static void bench_calls(void)
{
	struct pair pair = { new_queue(10), new_queue(10), 5 * ROUNDS + 1 };
	pthread_t thread;

	report("send_receive_one", COST(10 * ROUNDS, send_and_receive(pair.there, 1)));
	report("send_receive_batch", COST(ROUNDS, send_and_receive(pair.there, 10)));
	check(!pthread_create(&thread, NULL, echo, &pair), "pthread_create");
	report("ping_pong", COST(5 * ROUNDS, ask(&pair)));
	pthread_join(thread, NULL);
}

/* --- looks --- */

static struct mq_snapshot_entry entries[MQ_SNAPSHOT_MAX];

static int take_snapshot(mqd_t queue)
{
	struct mq_snapshot snapshot = {
		.below = 32768,
		.entries = (uintptr_t)entries,
		.nr_entries = MQ_SNAPSHOT_MAX,
	};

	return ioctl(queue, MQ_IOC_SNAPSHOT, &snapshot);
}

static int get_attr(mqd_t queue)
{
	struct mq_attr attr;

	return mq_getattr(queue, &attr);
}

static long by_syscall(mqd_t queue, unsigned long index)
{
	unsigned int priority;
	struct mq_timedreceive2_args args = {
		.msg_len = MESSAGE_SIZE, .msg_prio = &priority, .msg_ptr = text,
	};

	return syscall(__NR_mq_timedreceive2, queue, &args, MQ_PEEK, index, NULL);
}

static long by_fcntl(mqd_t queue, unsigned long index)
{
	struct mq_peek_attr attr = {
		.offset = index, .buf_len = MESSAGE_SIZE, .buf = text,
	};

	return fcntl(queue, F_MQ_PEEK, &attr);
}

typedef long look(mqd_t queue, unsigned long index);

static long scan(mqd_t queue, look *at, unsigned long messages)
{
	for (unsigned long i = 0; i < messages; i++)
		check(at(queue, i) >= 0, "look");
	return 0;
}

static void bench_scan(const char *name, look *at)
{
	mqd_t few = new_queue(100), many = new_queue(10000);
	char line[64];

	fill(few, 100, 1);
	fill(many, 10000, 1);
	snprintf(line, sizeof(line), "%s_scan_100_per_message", name);
	report(line, COST(20, scan(few, at, 100)) / 100);
	snprintf(line, sizeof(line), "%s_scan_10000_per_message", name);
	report(line, COST(2, scan(many, at, 10000)) / 10000);
	mq_close(few);
	mq_close(many);
}

static void bench_looks(void)
{
	mqd_t ten = new_queue(10), many = new_queue(MAX_MESSAGES), page = new_queue(MQ_SNAPSHOT_MAX);
	unsigned long cold = 0;

	fill(ten, 10, 10);
	fill(many, MAX_MESSAGES, 10);
	fill(page, MQ_SNAPSHOT_MAX, MQ_SNAPSHOT_MAX);
	report("getattr", COST(ROUNDS, get_attr(many)));
	report("snapshot_of_10", COST(ROUNDS, take_snapshot(ten)));
	report("snapshot_of_65536", COST(ROUNDS, take_snapshot(many)));
	report("snapshot_page", COST(200, take_snapshot(page)));
	mq_close(many);
	bench_scan("syscall", by_syscall);
	bench_scan("fcntl", by_fcntl);

	/* the furthest from both ends and from where the last look was */
	many = new_queue(MAX_MESSAGES);
	fill(many, MAX_MESSAGES, 1);
	report("warm_index", COST(ROUNDS, by_fcntl(many, MAX_MESSAGES / 2)));
	report("two_cold_indexes", COST(100, by_fcntl(many, MAX_MESSAGES / 4 + (cold++ % 2) * (MAX_MESSAGES / 2))));
}

/* --- latency --- */

struct load {
	mqd_t queue;
	int (*look)(mqd_t queue);
	volatile int stop;
	volatile long sent;
};

#define QUEUED		60000
#define SCANNED		50000

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static void *consume(void *argument)
{
	struct load *load = argument;
	char buffer[MESSAGE_SIZE];

	for (long received = 0; !load->stop;) {
		/* the queue stays long, whoever is faster */
		if (received > load->sent + (QUEUED - SCANNED) / 2) {
			sched_yield();
			continue;
		}
		check(mq_receive(load->queue, buffer, MESSAGE_SIZE, NULL) >= 0, "mq_receive");
		received++;
	}
	return NULL;
}

static void *look_1000_times_a_second(void *argument)
{
	struct load *load = argument;
	uint64_t next = now_ns();

	while (!load->stop) {
		struct timespec at;

		if (load->look)
			check(load->look(load->queue) >= 0, "look");
		next += 1000000;
		at.tv_sec = next / 1000000000;
		at.tv_nsec = next % 1000000000;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
	}
	return NULL;
}

static unsigned long scan_at;

static int look_at_next(mqd_t queue)
{
	return by_fcntl(queue, scan_at++ % SCANNED);
}

static int compare(const void *one, const void *two)
{
	uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)two;

	return (a > b) - (a < b);
}

#define SENDS	100000

static double p99_of_send(int (*look)(mqd_t queue))
{
	struct load load = { .queue = new_queue(MAX_MESSAGES), .look = look };
	uint32_t *took = calloc(SENDS, sizeof(*took));
	pthread_t consumer, looker;
	uint32_t p99;

	fill(load.queue, QUEUED, 1);
	check(!pthread_create(&consumer, NULL, consume, &load), "pthread_create");
	check(!pthread_create(&looker, NULL, look_1000_times_a_second, &load), "pthread_create");
	for (int i = 0; i < SENDS; i++) {
		uint64_t start = now_ns();

		check(mq_send(load.queue, text, MESSAGE_SIZE, 0) == 0, "mq_send");
		took[i] = now_ns() - start;
		load.sent = i + 1;
	}
	load.stop = 1;
	pthread_join(consumer, NULL);
	pthread_join(looker, NULL);
	qsort(took, SENDS, sizeof(*took), compare);
	p99 = took[SENDS / 100 * 99];
	free(took);
	mq_close(load.queue);
	return p99;
}

static int compare_double(const void *one, const void *two)
{
	double a = *(const double *)one, b = *(const double *)two;

	return (a > b) - (a < b);
}

/* Rounds of the three take turns, so that what else the host does hits all. */
static void bench_latency(void)
{
	enum { ROUNDS_OF_EACH = 7 };
	double alone[ROUNDS_OF_EACH], snapshots[ROUNDS_OF_EACH], looks[ROUNDS_OF_EACH];

	for (int i = 0; i < ROUNDS_OF_EACH; i++) {
		alone[i] = p99_of_send(NULL);
		snapshots[i] = p99_of_send(take_snapshot);
		looks[i] = p99_of_send(look_at_next);
	}
	qsort(alone, ROUNDS_OF_EACH, sizeof(double), compare_double);
	qsort(snapshots, ROUNDS_OF_EACH, sizeof(double), compare_double);
	qsort(looks, ROUNDS_OF_EACH, sizeof(double), compare_double);
	report("p99_send", alone[ROUNDS_OF_EACH / 2]);
	report("p99_send_with_snapshots", snapshots[ROUNDS_OF_EACH / 2]);
	report("p99_send_with_scan", looks[ROUNDS_OF_EACH / 2]);
}

int main(int argc, char **argv)
{
	struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
	const char *what = argc == 2 ? argv[1] : "";

	setrlimit(RLIMIT_MSGQUEUE, &limit);
	if (!strcmp(what, "calls"))
		bench_calls();
	else if (!strcmp(what, "looks"))
		bench_looks();
	else if (!strcmp(what, "latency"))
		bench_latency();
	else
		return fprintf(stderr, "usage: %s calls|looks|latency\n", argv[0]), 2;
	return 0;
}
