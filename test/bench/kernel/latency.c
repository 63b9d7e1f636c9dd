/*
 * What looks do to who sends: the 99th percentile of mq_send while a producer
 * and a consumer run at full speed on a queue of 60,000 messages and somebody
 * takes a snapshot, or looks at the next message, 1,000 times a second.
 *
 * Short stretches without looks, with snapshots and with looks at messages take
 * turns in one run, so that whatever else goes on hits all three alike.  The one
 * who looks wakes up as often in each, and has a CPU of its own, as have the
 * other two: run it with three.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <time.h>
#include "bench.h"

#define QUEUED		60000
#define SCANNED		50000
/* The queue stays that near to QUEUED, so that nobody waits for room. */
#define SLACK		4000

#define STRETCHES	150
#define SENDS		1000	/* in a stretch */

enum { NO_LOOKS, SNAPSHOTS, SCAN, KINDS };

struct load {
	mqd_t queue;
	int kind;
	int stop;
	long sent;
	long received;
	long looks[KINDS];
};

#define READ(variable)		__atomic_load_n(&(variable), __ATOMIC_ACQUIRE)
#define WRITE(variable, value)	__atomic_store_n(&(variable), value, __ATOMIC_RELEASE)

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static void stay_on(int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	check(sched_setaffinity(0, sizeof(cpus), &cpus) == 0, "three CPUs");
}

static void *consume(void *argument)
{
	struct load *load = argument;
	char text[MESSAGE_SIZE];

	stay_on(1);
	while (!READ(load->stop)) {
		if (load->received - READ(load->sent) > SLACK)
			continue;
		check(mq_receive(load->queue, text, MESSAGE_SIZE, NULL) >= 0, "mq_receive");
		WRITE(load->received, load->received + 1);
	}
	return NULL;
}

static void look_once(struct load *load, int kind)
{
	if (kind == SNAPSHOTS)
		check(take_snapshot(load->queue) == 0, "snapshot");
	if (kind == SCAN)
		check(by_fcntl(load->queue, load->looks[SCAN] % SCANNED) >= 0, "look");
	load->looks[kind]++;
}

static void *look_1000_times_a_second(void *argument)
{
	struct load *load = argument;
	uint64_t next = now_ns();

	stay_on(2);
	while (!READ(load->stop)) {
		struct timespec at;

		look_once(load, READ(load->kind));
		next += 1000000;
		at.tv_sec = next / 1000000000;
		at.tv_nsec = next % 1000000000;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
	}
	return NULL;
}

static void send_some(struct load *load, uint32_t *took)
{
	static const char text[MESSAGE_SIZE];

	for (int i = 0; i < SENDS; i++) {
		uint64_t start;

		while (load->sent - READ(load->received) > SLACK)
			;
		start = now_ns();
		check(mq_send(load->queue, text, MESSAGE_SIZE, 0) == 0, "mq_send");
		took[i] = now_ns() - start;
		WRITE(load->sent, load->sent + 1);
	}
}

static int compare(const void *one, const void *two)
{
	uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)two;

	return (a > b) - (a < b);
}

static void report_percentile(const char *name, uint32_t *took)
{
	qsort(took, STRETCHES * SENDS, sizeof(*took), compare);
	report(name, took[STRETCHES * SENDS / 100 * 99]);
}

int main(void)
{
	static struct load load;
	static uint32_t took[KINDS][STRETCHES * SENDS];
	pthread_t consumer, looker;

	lift_queue_limit();
	load.queue = new_queue(MAX_MESSAGES);
	fill(load.queue, QUEUED, 1);
	stay_on(0);
	check(!pthread_create(&consumer, NULL, consume, &load), "pthread_create");
	check(!pthread_create(&looker, NULL, look_1000_times_a_second, &load), "pthread_create");
	for (int i = 0; i < STRETCHES; i++) {
		for (int kind = 0; kind < KINDS; kind++) {
			WRITE(load.kind, kind);
			send_some(&load, &took[kind][i * SENDS]);
		}
	}
	WRITE(load.stop, 1);
	pthread_join(consumer, NULL);
	pthread_join(looker, NULL);
	report_percentile("p99_send", took[NO_LOOKS]);
	report_percentile("p99_send_with_snapshots", took[SNAPSHOTS]);
	report_percentile("p99_send_with_scan", took[SCAN]);
	report("snapshots", load.looks[SNAPSHOTS]);
	report("looks", load.looks[SCAN]);
	return 0;
}
