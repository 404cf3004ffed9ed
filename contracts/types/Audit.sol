// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ModelVersionId} from "./Claim.sol";
import {JobId} from "./Job.sol";

/// @dev keccak256(abi.encode(chainId, audits, order)): the id says everything that was ordered.
type AuditId is bytes32;

/// @notice Where an audit stands. The last three are final.
enum AuditStatus {
    /// Never ordered.
    None,
    /// Paid for; the answer is not on-chain, or nobody opened the audit yet.
    Ordered,
    /// The answer is on-chain; the next block's hash says whether it is audited, and by whom.
    Opened,
    /// The drawn auditor vouches for the answer with `liability` of its stake.
    Confirmed,
    /// The answer became final; the auditor got the reward.
    Paid,
    /// The answer was refuted after the auditor had confirmed it; the auditor lost `liability`.
    Slashed,
    /// Not drawn, not confirmed in time, or nothing to audit; whoever ordered got the reward back.
    Returned
}

/// @notice One audit as it was ordered. Passed whole in calldata, checked against its id, never stored.
/// @dev Ordered for reading; not a storage layout.
struct AuditOrder {
    /// Job whose answer is to be audited.
    JobId jobId;
    /// Model version of the job.
    ModelVersionId model;
    /// Who pays, and gets back what is not earned.
    address orderer;
    /// Probability that the answer is audited, in parts per million; at least 1.
    uint32 ratePpm;
    /// Tokens the auditor earns; more than 0.
    uint128 reward;
}

/// @notice Everything that is kept of an audit: one slot in its whole life.
struct AuditRecord {
    // slot 0
    AuditStatus status;
    /// Unix time in seconds of the order, and of the opening once it is opened. Will not reach 2^40.
    uint40 since;
    /// Block whose hash draws; zero before the opening. Will not reach 2^48.
    uint48 seedBlock;
    /// Who confirmed; zero before the confirmation.
    address auditor;
}
