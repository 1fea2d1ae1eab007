//! Which of several calls may begin next: in the order of the plan, as far as the limits of their accounts allow.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::order::Why;

/// So many calls of an account are refused because of its key before the rest are left out: a service counts failed
/// logins, and a key that is allowed a few methods only must not end the others.
const MOST_REFUSED: usize = 3;

/// An account, as far as the order of its calls depends on it.
#[derive(Clone, Debug)]
pub(super) struct Seats {
    /// How many of its calls may be under way at once.
    pub(super) most: usize,
    /// The service has accepted its key. Until then its calls go one by one, so that a wrong key is not tried many
    /// times at once.
    pub(super) accepted: bool,
    taken: usize,
    refused: usize,
}

impl Seats {
    pub(super) fn new(most: usize, accepted: bool) -> Seats {
        Seats { most, accepted, taken: 0, refused: 0 }
    }

    fn is_free(&self) -> bool {
        self.taken < if self.accepted { self.most } else { 1 }
    }
}

/// What one call needs in order to begin: a seat of its account, and one of its method if that has a limit. The numbers
/// are places in the lists of the queue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needs {
    pub(super) account: usize,
    pub(super) method: Option<usize>,
}

/// What the answer to a call says about the key of its account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Accepted,
    Refused,
    Untried,
}

/// The calls that have not begun yet, and the seats that are taken.
#[derive(Debug)]
struct State {
    needs: Vec<Needs>,
    accounts: Vec<Seats>,
    /// For each method with a limit in an account: the limit, and how many are under way.
    methods: Vec<(usize, usize)>,
    waiting: VecDeque<usize>,
    running: Vec<usize>,
    /// How many results have been delivered.
    delivered: usize,
    /// So many results may wait for their turn to be delivered, with the calls under way.
    window: usize,
    stopped: Option<Why>,
    /// How many threads wait for a call that may begin.
    idle: usize,
    /// An account has been accepted since the waiting threads looked: more than one call may begin.
    opened: bool,
}

/// What a thread is to do next.
#[derive(Debug, PartialEq, Eq)]
enum Turn {
    Begin(usize),
    Wait,
    Leave,
}

impl State {
    fn turn(&mut self) -> Turn {
        if self.stopped.is_some() || self.waiting.is_empty() {
            return Turn::Leave;
        }
        let horizon = self.delivered + self.window;
        let within = self.waiting.iter().take_while(|index| **index < horizon);
        let Some(place) = within.enumerate().find(|(_, index)| self.is_free(**index)).map(|(place, _)| place) else {
            return Turn::Wait;
        };
        let Some(index) = self.waiting.remove(place) else { return Turn::Wait };
        self.seat(index, |taken| taken + 1);
        self.running.push(index);
        Turn::Begin(index)
    }

    fn is_free(&self, index: usize) -> bool {
        let Some(Needs { account, method }) = self.needs.get(index) else { return true };
        let method = method.and_then(|method| self.methods.get(method));
        self.accounts.get(*account).is_none_or(Seats::is_free) && method.is_none_or(|(most, taken)| taken < most)
    }

    fn seat(&mut self, index: usize, change: fn(usize) -> usize) {
        let Some(Needs { account, method }) = self.needs.get(index).copied() else { return };
        if let Some(seats) = self.accounts.get_mut(account) {
            seats.taken = change(seats.taken);
        }
        if let Some((_, taken)) = method.and_then(|method| self.methods.get_mut(method)) {
            *taken = change(*taken);
        }
    }

    /// Gives the seats of a call back. Returns the calls that are left out because the key of their account was
    /// refused.
    fn ended(&mut self, index: usize, key: Key) -> Vec<usize> {
        self.seat(index, |taken| taken.saturating_sub(1));
        self.running.retain(|running| *running != index);
        let Some(account) = self.needs.get(index).map(|needs| needs.account) else { return Vec::new() };
        let Some(seats) = self.accounts.get_mut(account) else { return Vec::new() };
        match key {
            Key::Accepted => {
                self.opened |= !seats.accepted;
                seats.accepted = true;
            }
            Key::Refused => seats.refused += 1,
            Key::Untried => {}
        }
        if seats.accepted || seats.refused < MOST_REFUSED {
            return Vec::new();
        }
        let of_account = |index: &usize| self.needs.get(*index).is_some_and(|needs| needs.account == account);
        let (out, rest) = self.waiting.iter().partition::<Vec<usize>, _>(|index| of_account(index));
        self.waiting = rest.into();
        out
    }
}

/// The queue that the threads take their calls from.
#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

impl Queue {
    /// For calls with these needs, in this order. At most `window` of them are under way or wait to be delivered.
    pub(super) fn new(needs: Vec<Needs>, accounts: Vec<Seats>, methods: Vec<usize>, window: usize) -> Queue {
        let waiting = (0..needs.len()).collect();
        let methods = methods.into_iter().map(|most| (most, 0)).collect();
        let (running, delivered, stopped, idle, opened) = (Vec::new(), 0, None, 0, false);
        let state = State { needs, accounts, methods, waiting, running, delivered, window, stopped, idle, opened };
        Queue { state: Mutex::new(state), changed: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the threads that wait, if there are any: to wake nobody is a system call as well.
    fn news(&self, state: MutexGuard<'_, State>) {
        let idle = state.idle;
        drop(state);
        if idle > 0 {
            self.changed.notify_all();
        }
    }

    /// The next call to begin, once one may. `None` if there are no more.
    pub(super) fn next(&self) -> Option<usize> {
        let mut state = self.state();
        loop {
            match state.turn() {
                Turn::Begin(index) => return Some(index),
                Turn::Leave => {
                    self.news(state);
                    return None;
                }
                Turn::Wait => {
                    state.idle += 1;
                    state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                    state.idle -= 1;
                }
            }
        }
    }

    /// A call has ended. Returns the calls that are left out because the key of their account was refused.
    pub(super) fn ended(&self, index: usize, key: Key) -> Vec<usize> {
        let mut state = self.state();
        let out = state.ended(index, key);
        // The seat is for the thread that gives it back.
        if mem::take(&mut state.opened) || !out.is_empty() {
            self.news(state);
        }
        out
    }

    /// One more result has been delivered, so many in all.
    pub(super) fn delivered(&self, count: usize) {
        let mut state = self.state();
        state.delivered = count;
        let idle = state.idle;
        drop(state);
        if idle > 0 {
            self.changed.notify_one();
        }
    }

    /// No more calls begin. The first reason counts.
    pub(super) fn stop(&self, why: Why) {
        let mut state = self.state();
        state.stopped.get_or_insert(why);
        self.news(state);
    }

    /// Why no more calls begin, if so.
    pub(super) fn stopped(&self) -> Option<Why> {
        self.state().stopped
    }

    /// The calls that are under way.
    pub(super) fn running(&self) -> Vec<usize> {
        self.state().running.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(accounts: &[usize], limits: &[usize], window: usize) -> State {
        let needs = accounts.iter().map(|account| Needs { account: *account, method: None }).collect();
        let accounts = limits.iter().map(|most| Seats::new(*most, true)).collect();
        let Queue { state, .. } = Queue::new(needs, accounts, Vec::new(), window);
        state.into_inner().unwrap()
    }

    fn begun(state: &mut State) -> Vec<usize> {
        std::iter::from_fn(|| match state.turn() {
            Turn::Begin(index) => Some(index),
            Turn::Wait | Turn::Leave => None,
        })
        .collect()
    }

    #[test]
    fn calls_begin_in_order_as_far_as_their_accounts_have_room() {
        for (accounts, limits, window, first) in [
            (&[0, 0, 0][..], &[9][..], 9, &[0, 1, 2][..]),
            (&[0, 0, 0], &[2], 9, &[0, 1]),
            (&[0, 0, 1, 0, 1], &[1, 1], 9, &[0, 2]),
            // What is beyond the window waits, even if its account has room.
            (&[0, 0, 0, 1], &[1, 1], 3, &[0]),
            (&[], &[], 3, &[]),
        ] {
            assert_eq!(begun(&mut queue(accounts, limits, window)), first, "{accounts:?} {limits:?} {window}");
        }
    }

    #[test]
    fn a_seat_that_is_given_back_and_a_delivered_result_make_room() {
        let mut state = queue(&[0, 0, 0, 1], &[1, 1], 3);
        assert_eq!(begun(&mut state), [0]);
        assert!(state.ended(0, Key::Accepted).is_empty());
        assert_eq!(begun(&mut state), [1]);
        state.delivered = 1;
        assert_eq!(begun(&mut state), [3]);
        assert_eq!(state.running, [1, 3]);
        state.stopped = Some(Why::Failure);
        assert_eq!(state.turn(), Turn::Leave);
    }

    #[test]
    fn a_method_with_a_limit_holds_back_no_other() {
        let needs = [Some(0), Some(0), None, Some(1)].map(|method| Needs { account: 0, method }).to_vec();
        let Queue { state, .. } = Queue::new(needs, vec![Seats::new(9, true)], vec![1, 1], 9);
        let mut state = state.into_inner().unwrap();
        assert_eq!(begun(&mut state), [0, 2, 3]);
        state.ended(0, Key::Accepted);
        assert_eq!(begun(&mut state), [1]);
    }

    #[test]
    fn a_key_is_tried_by_one_call_at_a_time_until_it_is_accepted() {
        let mut state = queue(&[0, 0, 0, 0, 0, 1], &[4, 1], 9);
        state.accounts[0].accepted = false;
        assert_eq!(begun(&mut state), [0, 5]);
        // Nothing is learned from a call that never arrived.
        assert!(state.ended(0, Key::Untried).is_empty());
        assert_eq!(begun(&mut state), [1]);
        assert!(state.ended(1, Key::Accepted).is_empty());
        assert_eq!(begun(&mut state), [2, 3, 4]);
    }

    #[test]
    fn an_account_whose_key_is_refused_again_and_again_is_left_out() {
        let mut state = queue(&[0, 0, 0, 0, 1, 0], &[4, 1], 9);
        state.accounts[0].accepted = false;
        for (index, also, out) in [(0, &[4][..], &[][..]), (1, &[], &[]), (2, &[], &[3, 5])] {
            let mut expected = vec![index];
            expected.extend(also);
            assert_eq!(begun(&mut state), expected);
            assert_eq!(state.ended(index, Key::Refused), out);
        }
        assert_eq!(state.turn(), Turn::Leave);
    }
}
