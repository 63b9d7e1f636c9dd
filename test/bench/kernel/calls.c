/* What sends and receives cost, on any kernel. */
#define _GNU_SOURCE
#include <pthread.h>
#include "bench.h"

#define ROUNDS	2000

static char text[MESSAGE_SIZE];

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

int main(void)
{
	struct pair pair = { new_queue(10), new_queue(10), 5 * ROUNDS + 1 };
	pthread_t thread;

	report("send_receive_one", COST(10 * ROUNDS, send_and_receive(pair.there, 1)));
	report("send_receive_batch", COST(ROUNDS, send_and_receive(pair.there, 10)));
	check(!pthread_create(&thread, NULL, echo, &pair), "pthread_create");
	report("ping_pong", COST(5 * ROUNDS, ask(&pair)));
	pthread_join(thread, NULL);
	return 0;
}
