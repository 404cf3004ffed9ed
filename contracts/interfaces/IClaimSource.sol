// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Claim} from "../types/Claim.sol";

/// @title IClaimSource
/// @notice Where claims come from. A verifier judges a claim without knowing its source; a source settles a verdict
/// without knowing how it was reached.
/// @dev `context` is the source's own preimage of its stored record (`JobMarket`: `abi.encode(Settlement, Claim)`;
/// `ReceiptLedger`: `abi.encode(SignedReceipt, Claim)`); a verifier hands it through unread. Every call checks it against
/// storage or the operator's signature, so a reorg that changed the answer changes the outcome to a revert.
interface IClaimSource {
    /// @notice Returns the claim in `context` if it can still be refuted, else reverts.
    /// @return claimId Id under which the source keeps the claim: EIP-712 digest, in the source's domain, of the claim
    /// (`JobMarket`) or of the receipt that holds it (`ReceiptLedger`).
    /// @return claim The claim.
    /// @return challengeUntil Unix time in seconds before which new top-level challenges may start.
    function challengeable(
        bytes calldata context
    ) external view returns (bytes32 claimId, Claim memory claim, uint64 challengeUntil);

    /// @notice Returns the id of the claim in `context` if it was refuted, else reverts.
    function refuted(bytes calldata context) external view returns (bytes32 claimId);

    /// @notice Keeps the claim from becoming final until a matching `resume`. Only the claim's verifier.
    function suspend(bytes calldata context) external;

    /// @notice Ends one `suspend`; the claim stays refutable at least until `until`. Only the claim's verifier.
    function resume(bytes calldata context, uint64 until) external;

    /// @notice Settles the claim as wrong: payer refunded, operator slashed, `refuter` rewarded. Only the claim's verifier.
    function refute(bytes calldata context, address refuter) external;
}
