//! The names of faults, and where they are decided.

/// A fault without its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Clock,
    Delay,
    Die,
    Drop,
    Freeze,
    Garbage,
    Reject,
    Requote,
    Unknown,
}

/// What a fault happens at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Answer,
    Order,
    Tick,
}

impl Kind {
    pub(super) const ALL: [Self; 9] = [
        Self::Requote,
        Self::Reject,
        Self::Delay,
        Self::Unknown,
        Self::Drop,
        Self::Die,
        Self::Freeze,
        Self::Garbage,
        Self::Clock,
    ];
    /// In the order in which they are carried out.
    pub(super) const AT_TICK: [Self; 4] = [Self::Die, Self::Freeze, Self::Garbage, Self::Clock];
    /// The first one is carried out.
    pub(super) const AT_ORDER: [Self; 5] =
        [Self::Requote, Self::Reject, Self::Delay, Self::Unknown, Self::Die];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Delay => "delay",
            Self::Die => "die",
            Self::Drop => "drop",
            Self::Freeze => "freeze",
            Self::Garbage => "garbage",
            Self::Reject => "reject",
            Self::Requote => "requote",
            Self::Unknown => "unknown",
        }
    }

    /// Whether chance may bring it there.
    pub(super) const fn is_drawn_at(self, place: Place) -> bool {
        match place {
            Place::Answer => matches!(self, Self::Drop),
            Place::Order => self.is_at_order(),
            Place::Tick => self.is_at_tick(),
        }
    }

    /// Whether `@order` may bring it.
    pub(super) const fn can_be_at_order(self) -> bool {
        self.is_at_order() || matches!(self, Self::Drop)
    }

    pub(super) const fn is_at_tick(self) -> bool {
        matches!(self, Self::Clock | Self::Die | Self::Freeze | Self::Garbage)
    }

    const fn is_at_order(self) -> bool {
        matches!(self, Self::Delay | Self::Die | Self::Reject | Self::Requote | Self::Unknown)
    }
}
