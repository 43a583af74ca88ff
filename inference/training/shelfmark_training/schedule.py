"""A training run that lasts a given time, keeps an average of its weights, and can be stopped and resumed."""

import copy
import math
import time
from pathlib import Path

import torch


class Run:
    """Holds network, optimizer and averaged weights; the learning rate falls with the share of the time that is spent."""

    def __init__(self, network, checkpoint: Path, minutes: float, rate: float, layout=torch.channels_last):
        self.network = network.to(memory_format=layout)
        self.average = copy.deepcopy(self.network).eval()
        self.optimizer = torch.optim.AdamW(self.network.parameters(), rate, weight_decay=1e-3)
        self.checkpoint, self.seconds, self.rate = Path(checkpoint), minutes * 60, rate
        self.spent, self.steps = 0.0, 0
        if self.checkpoint.exists():
            state = torch.load(self.checkpoint, weights_only=True)
            self.network.load_state_dict(state["network"])
            self.average.load_state_dict(state["average"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.spent, self.steps = state["spent"], state["steps"]
        self.last = time.monotonic()

    @property
    def running(self):
        return self.spent < self.seconds

    def step(self, loss):
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        share = min(1.0, self.spent / self.seconds)
        factor = min(1.0, (self.steps + 1) / 200) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * share)))
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * factor
        self.optimizer.step()
        self.steps += 1
        decay = min(0.998, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            for mine, theirs in zip(self.average.state_dict().values(), self.network.state_dict().values()):
                if mine.dtype.is_floating_point:
                    mine.lerp_(theirs, 1 - decay)
                else:
                    mine.copy_(theirs)
        now = time.monotonic()
        # A process that was stopped for a while did not train meanwhile.
        self.spent, self.last = self.spent + min(now - self.last, 10), now

    def pause(self):
        """Time until the next step is not counted (measuring, saving)."""
        self.save()

    def proceed(self):
        self.last = time.monotonic()

    def save(self):
        self.checkpoint.parent.mkdir(parents=True, exist_ok=True)
        state = {"network": self.network.state_dict(), "average": self.average.state_dict(),
                 "optimizer": self.optimizer.state_dict(), "spent": self.spent, "steps": self.steps}
        temporary = self.checkpoint.with_suffix(".part")
        torch.save(state, temporary)
        temporary.replace(self.checkpoint)
