// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IClaimSource} from "../../interfaces/IClaimSource.sol";
import {IEscrow} from "../../interfaces/IEscrow.sol";
import {DemandStatus, ITensorVerifier} from "../../interfaces/ITensorVerifier.sol";
import {Operator} from "../../libraries/Program.sol";
import {Trees} from "../../libraries/Trees.sol";
import {Weights} from "../../libraries/Weights.sol";
import {Claim} from "../../types/Claim.sol";
import {ALL_LEAVES, DemandProof, Node, Roots, Tree} from "../../types/Tensor.sol";
import {Openings, Rows} from "./Openings.sol";
import {Programs} from "./Programs.sol";

/// @title Demands
/// @notice Makes operators publish what they committed to, or lose by silence.
abstract contract Demands is Programs {
    using Openings for *;
    using SafeCast for uint256;

    struct Demand {
        // slot 0
        address demander;
        /// Unix time in seconds: end of the supply window (exclusive) while open, else when the demand ended.
        uint40 time;
        DemandStatus status;
        /// Bytes that answer it: what the program says, whatever the claim committed.
        uint48 length;
    }

    /* IMMUTABLES */

    /// @inheritdoc ITensorVerifier
    IEscrow public immutable ESCROW;
    /// @inheritdoc ITensorVerifier
    uint128 public immutable DEMAND_BOND;
    /// @inheritdoc ITensorVerifier
    uint64 public immutable SUPPLY_WINDOW;
    /// @inheritdoc ITensorVerifier
    uint64 public immutable FOLLOW_UP_WINDOW;

    /* STORAGE */

    mapping(bytes32 demandId => Demand) internal _demands;

    /* CONSTRUCTOR */

    constructor(IEscrow escrow, uint128 demandBond, uint64 supplyWindow, uint64 followUpWindow) {
        ESCROW = escrow;
        DEMAND_BOND = demandBond;
        SUPPLY_WINDOW = supplyWindow;
        FOLLOW_UP_WINDOW = followUpWindow;
    }

    /* DEMANDING */

    /// @inheritdoc ITensorVerifier
    function demand(
        IClaimSource source,
        bytes calldata context,
        Node calldata node,
        bytes32 hash,
        DemandProof calldata proof
    ) external returns (bytes32 id) {
        (bytes32 claimId, Claim memory claim, uint64 challengeUntil) = source.challengeable(context);
        uint256 length = _open(_rootsOf(claimId, claim), node, hash, proof);
        if (block.timestamp >= challengeUntil) {
            _requireFollowUp(source, claimId, node, proof.hashOfParent, challengeUntil);
        }
        id = demandId(source, claimId, node, hash);
        Demand storage stored = _demands[id];
        require(stored.status == DemandStatus.None, DemandExists(id, stored.status));

        uint40 supplyUntil = (block.timestamp + SUPPLY_WINDOW).toUint40();
        _demands[id] = Demand(msg.sender, supplyUntil, DemandStatus.Open, length.toUint48());
        emit Demanded(claimId, id, source, msg.sender, node, hash, supplyUntil);

        ESCROW.debit(msg.sender, DEMAND_BOND);
        source.suspend(context);
    }

    /// @inheritdoc ITensorVerifier
    function supply(
        IClaimSource source,
        bytes calldata context,
        Node calldata node,
        bytes32 hash,
        bytes calldata data
    ) external {
        (bytes32 claimId, Claim memory claim, ) = source.challengeable(context);
        bytes32 id = demandId(source, claimId, node, hash);
        Demand memory stored = _demandOpen(id);
        require(block.timestamp < stored.time, SupplyWindowClosed(stored.time, uint64(block.timestamp)));
        require(data.length == stored.length, DataLengthMismatch(data.length, stored.length));
        bytes32 computed = node.leaf == ALL_LEAVES ? _rootOfList(node.tree, data) : Trees.leaf(data);
        require(computed == hash, PreimageMismatch(computed, hash));

        _end(id, DemandStatus.Supplied);
        emit Supplied(claimId, id, msg.sender, data);

        ESCROW.credit(claim.operator, DEMAND_BOND);
        source.resume(context, uint64(block.timestamp) + FOLLOW_UP_WINDOW);
    }

    /// @inheritdoc ITensorVerifier
    function timeout(IClaimSource source, bytes calldata context, Node calldata node, bytes32 hash) external {
        (bytes32 claimId, , ) = source.challengeable(context);
        bytes32 id = demandId(source, claimId, node, hash);
        Demand memory stored = _demandOpen(id);
        require(block.timestamp >= stored.time, SupplyWindowOpen(stored.time, uint64(block.timestamp)));

        _end(id, DemandStatus.TimedOut);
        emit DemandTimedOut(claimId, id, msg.sender);

        ESCROW.credit(stored.demander, DEMAND_BOND);
        source.refute(context, stored.demander);
    }

    /// @inheritdoc ITensorVerifier
    function reclaim(IClaimSource source, bytes calldata context, Node calldata node, bytes32 hash) external {
        bytes32 claimId = source.refuted(context);
        bytes32 id = demandId(source, claimId, node, hash);
        Demand memory stored = _demandOpen(id);

        _end(id, DemandStatus.Reclaimed);
        emit DemandReclaimed(claimId, id, msg.sender);

        ESCROW.credit(stored.demander, DEMAND_BOND);
    }

    /* VIEWS */

    /// @inheritdoc ITensorVerifier
    function demandId(
        IClaimSource source,
        bytes32 claimId,
        Node calldata node,
        bytes32 hash
    ) public pure returns (bytes32) {
        return _demandId(source, claimId, node, hash);
    }

    /// @inheritdoc ITensorVerifier
    function demandOf(bytes32 id) external view returns (DemandStatus status, address demander, uint64 time) {
        Demand memory stored = _demands[id];
        return (stored.status, stored.demander, stored.time);
    }

    /* INTERNAL */

    /// @dev Requires the claim to bind `hash` at `node`, and returns how many bytes answer the demand.
    function _open(
        Roots memory roots,
        Node calldata node,
        bytes32 hash,
        DemandProof calldata proof
    ) private pure returns (uint256) {
        Rows memory rows = _rowsAt(roots, node, proof);
        uint256 leaf = node.leaf;
        if (leaf == ALL_LEAVES) {
            hash.requireRoot(rows.root);
            return 32 * rows.count;
        }

        rows.tag.climb(rows.count, hash, leaf, proof.path).requireRoot(rows.root);
        return rows.length;
    }

    /// @dev What the tree of `node` must hold: what the program says, under the root that the claim or the program binds.
    function _rowsAt(
        Roots memory roots,
        Node calldata node,
        DemandProof calldata proof
    ) private pure returns (Rows memory) {
        (Operator memory operator, uint256 index, uint256 operators) = proof.operator.openOperator(roots.program);
        (Tree tree, uint256 wanted) = (node.tree, node.index);
        require(index == wanted, OperatorMismatch(uint32(index), uint32(wanted)));
        if (tree == Tree.Trace) {
            require(index == 0, IndexOutOfRange(index, 1));
            return Rows({tag: Trees.TRACE, root: roots.evidence, count: operators, length: 32});
        }
        if (tree == Tree.Tensor) return operator.rowsOf(roots.openTensor(index, operators, proof.tensor));

        (uint256 count, uint256 length, bytes32 root) = Weights.rowsOf(operator, proof.operator.descriptor);
        require(count != 0, UnknownOperatorKind(operator.kind));
        return Rows({tag: Trees.WEIGHTS, root: root, count: count, length: length});
    }

    /// @dev Requires the parent of `node` to have been supplied less than `FOLLOW_UP_WINDOW` ago.
    function _requireFollowUp(
        IClaimSource source,
        bytes32 claimId,
        Node calldata node,
        bytes32 hashOfParent,
        uint64 challengeUntil
    ) private view {
        (uint64 timestamp, Node memory parent) = (uint64(block.timestamp), node);
        if (node.leaf != ALL_LEAVES) {
            parent.leaf = ALL_LEAVES;
        } else {
            require(node.tree == Tree.Tensor && node.index != 0, DemandWindowClosed(challengeUntil, timestamp));
            (parent.tree, parent.index) = (Tree.Trace, 0);
        }

        bytes32 parentId = _demandId(source, claimId, parent, hashOfParent);
        Demand memory stored = _demands[parentId];
        uint64 until = stored.status == DemandStatus.Supplied ? stored.time + FOLLOW_UP_WINDOW : 0;
        require(timestamp < until, FollowUpClosed(parentId, until, timestamp));
    }

    function _demandOpen(bytes32 id) private view returns (Demand memory stored) {
        stored = _demands[id];
        require(stored.status == DemandStatus.Open, DemandNotOpen(id, stored.status));
    }

    function _end(bytes32 id, DemandStatus status) private {
        Demand storage stored = _demands[id];
        (stored.time, stored.status) = (uint40(block.timestamp), status);
    }

    function _rootOfList(Tree tree, bytes calldata data) private pure returns (bytes32) {
        bytes32[] memory hashes = Trees.list(data);
        if (tree == Tree.Trace) {
            for (uint256 i = 0; i < hashes.length; ++i) hashes[i] = Trees.leaf(hashes[i]);
        }
        return Trees.root(_tagOf(tree), hashes.length, Trees.top(hashes));
    }

    function _tagOf(Tree tree) private pure returns (bytes4) {
        if (tree == Tree.Trace) return Trees.TRACE;
        return tree == Tree.Tensor ? Trees.TENSOR : Trees.WEIGHTS;
    }

    function _demandId(
        IClaimSource source,
        bytes32 claimId,
        Node memory node,
        bytes32 hash
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(source, claimId, node, hash));
    }
}
