// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What a ledger is created with and keeps for good. Memory only, ordered for reading; times are seconds.
struct LedgerTerms {
    /// Stake reserved per amount that waits in a batch, and slashed per fee, in parts per million (1_000_000 = the amount itself).
    uint32 stakeRatioPpm;
    /// Least stake reserved per batch that collects, and slashed per penalty, in token units.
    uint128 stakeFloor;
    /// What a demand costs whoever makes it, in token units; the operator earns it by opening.
    uint128 demandBond;
    /// How long money waits in a batch.
    uint32 releaseWindow;
    /// Age at which a receipt must be in a batch.
    uint32 horizon;
    /// How long after `horizon` a receipt can be demanded; every other penalty ends then, too.
    uint32 demandWindow;
    /// Time to open a demanded receipt.
    uint32 responseWindow;
    /// How long a receipt's claim can be challenged.
    uint32 challengeWindow;
    /// How long a tab thaws.
    uint32 tabThaw;
    /// How long a signer still binds its operator after it was revoked.
    uint32 signerDelay;
}
