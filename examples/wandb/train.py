"""Logistic regression on two clouds of points; everything that it knows of its sweep it knows from wandb."""
import math
import random

import wandb

wandb.init(project="clouds", config={"learning_rate": 0.01, "optimizer": {"momentum": 0.0}, "epochs": 5})
random.seed(0)


def cloud(centre, label, count):
    return [(random.gauss(centre, 1), random.gauss(-centre, 1), label) for _ in range(count)]


train, val = (cloud(1, 1, count) + cloud(-1, 0, count) for count in (100, 200))
weights, speed = [0.0, 0.0, 3.0], [0.0, 0.0, 0.0]


def probability(x, y):
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, weights[0] * x + weights[1] * y + weights[2]))))


for epoch in range(wandb.config.epochs):
    random.shuffle(train)
    for x, y, label in train:
        for i, value in enumerate((x, y, 1)):
            gradient = (probability(x, y) - label) * value
            speed[i] = wandb.config.optimizer["momentum"] * speed[i] + gradient
            weights[i] -= wandb.config.learning_rate * speed[i]
    wandb.log({"epoch": epoch, "val_acc": sum((probability(x, y) > 0.5) == label for x, y, label in val) / len(val)})
wandb.finish()  # on a cluster the metric is read in the summary that this prints
