//! The servers on offer, which can be reserved for a while.

use std::time::Duration;

/// How long a reservation lasts.
pub(crate) const RESERVED: Duration = Duration::from_secs(48 * 3600);

/// A server on offer.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    pub(crate) id: i64,
    pub(crate) cents: i64,
    /// The end of its reservation for this account.
    pub(crate) reserved: Option<Duration>,
}

/// The servers on offer in a new sandbox; the first is reserved.
pub(crate) fn seed() -> Vec<Offer> {
    let offer = |id: i64| Offer { id, cents: 4900 + (id - 554) * 1000, reserved: (id == 554).then_some(RESERVED) };
    (554..560).map(offer).collect()
}

impl Offer {
    /// Ends an expired reservation.
    pub(crate) fn settle(&mut self, now: Duration) {
        self.reserved = self.reserved.filter(|until| *until > now);
    }
}
