"""A line through points, configured by Hydra: conf/config.yaml, and what the command line changes of it."""
import hydra
from omegaconf import DictConfig


@hydra.main(version_base=None, config_path="conf", config_name="config")
def main(config: DictConfig):
    slope = 0.0
    for step in range(1, config.steps + 1):
        gradient = sum(2 * x * (slope * x - 3 * x) for x in (0.5, 1.0, 1.5)) / 3 + 2 * config.optimizer.decay * slope
        slope -= config.optimizer.lr * gradient
        print(f"step={step} loss={(slope - 3) ** 2:.6f}")


if __name__ == "__main__":
    main()
