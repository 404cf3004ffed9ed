// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaimSource} from "../interfaces/IClaimSource.sol";
import {Claim} from "../types/Claim.sol";

/// @title ClaimSource
/// @notice Claims without jobs: what a verifier needs of a source, and nothing else. `context` is `abi.encode(Claim)`.
contract ClaimSource is IClaimSource {
    struct Record {
        // slot 0
        uint64 challengeUntil;
        uint64 finalAt;
        uint64 open;
        bool refuted;
        // slot 1
        address verifier;
        // slot 2
        address refuter;
    }

    event ClaimRefuted(bytes32 indexed claimId, address refuter);

    error ClaimUnknown(bytes32 claimId);
    error ClaimFinal(bytes32 claimId);
    error ClaimNotRefuted(bytes32 claimId);
    error NotVerifier(address caller);
    error NothingSuspended(bytes32 claimId);

    mapping(bytes32 claimId => Record) public recordOf;

    function submit(Claim calldata claim, address verifier, uint64 challengeUntil) external returns (bytes32 claimId) {
        claimId = claimIdOf(claim);
        recordOf[claimId] = Record(challengeUntil, challengeUntil, 0, false, verifier, address(0));
    }

    /// @inheritdoc IClaimSource
    function suspend(bytes calldata context) external {
        ++_judged(context).open;
    }

    /// @inheritdoc IClaimSource
    function resume(bytes calldata context, uint64 until) external {
        Record storage record = _judged(context);
        require(record.open != 0, NothingSuspended(_claimIdOf(context)));
        --record.open;
        if (until > record.finalAt) record.finalAt = until;
    }

    /// @inheritdoc IClaimSource
    function refute(bytes calldata context, address refuter) external {
        Record storage record = _judged(context);
        (record.refuted, record.refuter) = (true, refuter);
        emit ClaimRefuted(_claimIdOf(context), refuter);
    }

    /// @inheritdoc IClaimSource
    function challengeable(
        bytes calldata context
    ) external view returns (bytes32 claimId, Claim memory claim, uint64 challengeUntil) {
        claim = abi.decode(context, (Claim));
        claimId = claimIdOf(claim);
        challengeUntil = _open(claimId).challengeUntil;
    }

    /// @inheritdoc IClaimSource
    function refuted(bytes calldata context) external view returns (bytes32 claimId) {
        claimId = _claimIdOf(context);
        require(recordOf[claimId].refuted, ClaimNotRefuted(claimId));
    }

    function isRefuted(bytes32 claimId) external view returns (bool) {
        return recordOf[claimId].refuted;
    }

    function refuterOf(bytes32 claimId) external view returns (address) {
        return recordOf[claimId].refuter;
    }

    function claimIdOf(Claim memory claim) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), claim));
    }

    function _judged(bytes calldata context) internal view returns (Record storage record) {
        record = _open(_claimIdOf(context));
        require(msg.sender == record.verifier, NotVerifier(msg.sender));
    }

    function _open(bytes32 claimId) internal view returns (Record storage record) {
        record = recordOf[claimId];
        require(record.verifier != address(0), ClaimUnknown(claimId));
        bool final_ = record.refuted || (record.open == 0 && block.timestamp >= record.finalAt);
        require(!final_, ClaimFinal(claimId));
    }

    function _claimIdOf(bytes calldata context) internal view returns (bytes32) {
        return claimIdOf(abi.decode(context, (Claim)));
    }
}
