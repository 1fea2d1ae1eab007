//! Tasks that take some time and have an effect at their end.

use std::time::Duration;

/// What happens at the end of a task.
type Effect<W> = Box<dyn FnOnce(&mut W) + Send>;

/// The running tasks of a world.
pub(crate) struct Tasks<W> {
    takes: Duration,
    running: Vec<(Duration, Effect<W>)>,
}

impl<W> Tasks<W> {
    /// No tasks yet; each will take this long.
    pub(crate) fn taking(takes: Duration) -> Tasks<W> {
        Tasks { takes, running: Vec::new() }
    }

    /// Starts a task.
    pub(crate) fn start(&mut self, now: Duration, effect: impl FnOnce(&mut W) + Send + 'static) {
        self.running.push((now + self.takes, Box::new(effect)));
    }

    /// Removes the ended tasks, and returns their effects in the order they were started.
    pub(crate) fn ended(&mut self, now: Duration) -> Vec<Effect<W>> {
        let (ended, running): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.running).into_iter().partition(|(until, _)| *until <= now);
        self.running = running;
        ended.into_iter().map(|(_, effect)| effect).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_come_once_and_in_order() {
        let at = Duration::from_secs;
        let mut tasks: Tasks<Vec<u64>> = Tasks::taking(at(3));
        for start in 0..3 {
            tasks.start(at(start), move |world| world.push(start));
        }
        let mut world = Vec::new();
        for (now, expected) in [(2, vec![]), (4, vec![0, 1]), (4, vec![0, 1]), (9, vec![0, 1, 2])] {
            tasks.ended(at(now)).into_iter().for_each(|effect| effect(&mut world));
            assert_eq!(world, expected, "{now}");
        }
    }
}
